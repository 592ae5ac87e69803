using System.Collections.Immutable;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.RunDetails;

/// <param name="Api">Of the comments in the API.</param>
/// <param name="Comments">The oldest first.</param>
/// <param name="Next">The page behind this one.</param>
/// <param name="CanWrite">Whether whoever asks may say something.</param>
/// <param name="Here">The address of this tab.</param>
public sealed record CommentsModel(string Api, ImmutableArray<SaidModel> Comments, string? Next, bool CanWrite, string Here);
