using System.Collections.Immutable;

namespace ServerlessMeta.Access;

public sealed record TokenPage(ImmutableArray<TokenView> Tokens, string? NextPageToken = null);
