using Microsoft.Extensions.Options;

namespace ServerlessMeta.App;

[OptionsValidator]
internal sealed partial class AccessOptionsValidator : IValidateOptions<AccessOptions>;
