using Microsoft.Extensions.Options;

namespace ServerlessMeta.Platform;

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
