using Microsoft.Extensions.Options;

namespace ServerlessMeta.Models;

[OptionsValidator]
internal sealed partial class ModelsOptionsValidator : IValidateOptions<ModelsOptions>;
