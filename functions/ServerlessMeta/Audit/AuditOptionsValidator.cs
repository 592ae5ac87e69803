using Microsoft.Extensions.Options;

namespace ServerlessMeta.Audit;

[OptionsValidator]
internal sealed partial class AuditOptionsValidator : IValidateOptions<AuditOptions>;
