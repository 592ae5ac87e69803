using Microsoft.Extensions.Options;

namespace ServerlessMeta.Webhooks;

[OptionsValidator]
internal sealed partial class WebhooksOptionsValidator : IValidateOptions<WebhooksOptions>;
