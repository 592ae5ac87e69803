using ServerlessMeta.Access;
using ServerlessMeta.Comments;
using ServerlessMeta.Platform;
using ServerlessMeta.Ui.Parts;

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
        if (!page.IsOk)
        {
            return page.Failure;
        }
        var (api, caller) = ($"/api/v1/runs/{request.Id}/comments", Caller.Current);
        var canWrite = caller.Role >= Role.Writer;
        return new CommentsModel(
            api, [.. page.Value.Items.Select(comment => new SaidModel(CommentView.From(comment), api, caller.Name, canWrite, caller.Role >= Role.Admin))], page.Value.Next, canWrite,
            $"/runs/{request.Id}?tab={Address}");
    }
}
