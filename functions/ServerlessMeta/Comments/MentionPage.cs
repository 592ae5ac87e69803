using System.Collections.Immutable;

namespace ServerlessMeta.Comments;

public sealed record MentionPage(ImmutableArray<MentionView> Mentions, string? NextPageToken = null);
