using Microsoft.Extensions.Options;

namespace ServerlessMeta.Search;

[OptionsValidator]
internal sealed partial class SearchOptionsValidator : IValidateOptions<SearchOptions>;
