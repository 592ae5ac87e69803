using Microsoft.Extensions.Options;

namespace ServerlessMeta.Environments;

[OptionsValidator]
internal sealed partial class EnvironmentsOptionsValidator : IValidateOptions<EnvironmentsOptions>;
