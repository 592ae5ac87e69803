using Microsoft.Extensions.Options;

namespace ServerlessMeta.Triggers;

[OptionsValidator]
internal sealed partial class TriggersOptionsValidator : IValidateOptions<TriggersOptions>;
