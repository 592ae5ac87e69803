using ServerlessMeta.Platform;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>What looked wrong in a run's metrics.</summary>
internal sealed class AnomaliesTab(RunAnomalies anomalies) : IRunTab
{
    public const string Address = "anomalies";
    private const int PageSize = 100;

    public string Name => Address;

    public async Task<Result<object>> ReadAsync(RunRequest request, CancellationToken ct)
    {
        var page = await anomalies.PageAsync(request.Id, PageSize, request.Text("page"), ct);
        return page.IsOk ? new AnomaliesModel(request.Id.ToString(), page.Value.Items, page.Value.Next) : page.Failure;
    }
}
