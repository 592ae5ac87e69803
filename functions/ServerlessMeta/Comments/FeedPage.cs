using System.Collections.Immutable;

namespace ServerlessMeta.Comments;

public sealed record FeedPage(ImmutableArray<FeedItemView> Items, string? NextPageToken = null);
