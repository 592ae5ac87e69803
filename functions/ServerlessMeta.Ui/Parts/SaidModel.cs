using ServerlessMeta.Comments;

namespace ServerlessMeta.Ui.Parts;

/// <summary>A comment, and what its reader may do with it.</summary>
/// <param name="Comment">What was said.</param>
/// <param name="Api">Of the comments in the API.</param>
/// <param name="Reader">Who reads: may change what they wrote.</param>
/// <param name="CanWrite">Whether the reader may write.</param>
/// <param name="IsAdmin">Whether the reader may take away what others wrote.</param>
public sealed record SaidModel(CommentView Comment, string Api, string Reader, bool CanWrite, bool IsAdmin)
{
    public bool IsOwn => Comment.Author == Reader;

    /// <summary>The comment as it is read, for a change of it.</summary>
    public string Tag => $"\"{Comment.Id}.{Comment.Revision}\"";
}
