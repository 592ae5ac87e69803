using ServerlessMeta.Access;
using ServerlessMeta.Comments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>What people say of a run.</summary>
internal sealed class CommentsTab(CommentStore comments) : IRunTab
{
    public const string Address = "comments";
    private const int PageSize = 100;

    public string Name => Address;

    public async Task<Result<object>> ReadAsync(RunRequest request, CancellationToken ct)
    {
        var page = await comments.ListAsync(new CommentSubject.OfRun(request.Id), PageSize, request.Text("page"), ct);
        return page.IsOk
            ? new CommentsModel($"/api/v1/runs/{request.Id}/comments", page.Value.Items, page.Value.Next, Caller.Current.Name, $"/runs/{request.Id}?tab={Address}")
            : page.Failure;
    }
}
