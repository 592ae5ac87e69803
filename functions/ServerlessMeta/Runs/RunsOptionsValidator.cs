using Microsoft.Extensions.Options;

namespace ServerlessMeta.Runs;

[OptionsValidator]
internal sealed partial class RunsOptionsValidator : IValidateOptions<RunsOptions>;
