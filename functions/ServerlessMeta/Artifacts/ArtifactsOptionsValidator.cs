using Microsoft.Extensions.Options;

namespace ServerlessMeta.Artifacts;

[OptionsValidator]
internal sealed partial class ArtifactsOptionsValidator : IValidateOptions<ArtifactsOptions>;
