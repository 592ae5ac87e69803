using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>Who changed what of a run, and when.</summary>
internal sealed class AuditTab(AuditReader audit) : IRunTab
{
    public const string Address = "audit";
    private const int PageSize = 100;

    public string Name => Address;

    public async Task<Result<object>> ReadAsync(RunRequest request, CancellationToken ct)
    {
        var page = await audit.ListAsync(new AuditQuery { Object = $"run:{request.Id}" }, PageSize, request.Text("page"), ct);
        return page.IsOk ? new AuditModel(request.Id.ToString(), page.Value.Items, page.Value.Next)
            : page.Failure is Failure.NotFound ? new AuditModel(request.Id.ToString(), [], null)
            : page.Failure;
    }
}
