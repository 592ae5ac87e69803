using System.Collections.Immutable;
using ServerlessMeta.Comments;

namespace ServerlessMeta.Ui.RunDetails;

/// <param name="Address">Of the comments in the API.</param>
/// <param name="Comments">The oldest first.</param>
/// <param name="Next">The page behind this one.</param>
/// <param name="Me">Whoever asks: own comments can be changed.</param>
/// <param name="Here">The address of this tab.</param>
public sealed record CommentsModel(string Address, ImmutableArray<Comment> Comments, string? Next, string Me, string Here);
