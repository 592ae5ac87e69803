using Microsoft.Extensions.Options;

namespace ServerlessMeta.Messages;

[OptionsValidator]
internal sealed partial class MessagesOptionsValidator : IValidateOptions<MessagesOptions>;
