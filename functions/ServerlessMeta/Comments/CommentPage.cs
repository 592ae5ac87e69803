using System.Collections.Immutable;

namespace ServerlessMeta.Comments;

public sealed record CommentPage(ImmutableArray<CommentView> Comments, string? NextPageToken = null);
