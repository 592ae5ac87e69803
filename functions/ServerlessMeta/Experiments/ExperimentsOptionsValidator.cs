using Microsoft.Extensions.Options;

namespace ServerlessMeta.Experiments;

[OptionsValidator]
internal sealed partial class ExperimentsOptionsValidator : IValidateOptions<ExperimentsOptions>;
