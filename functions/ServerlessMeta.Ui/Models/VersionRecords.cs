using ServerlessMeta.Approvals;
using ServerlessMeta.Models;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.Ui.Models;

/// <summary>Reads what is recorded of a version: three operations at once.</summary>
internal sealed class VersionRecords(ApprovalStore approvals, VerificationStore verifications, ModelOrigins origins)
{
    private const int MostApprovals = 100;
    private const int MostVerifications = 5;

    public async Task<VersionOverviewModel> ReadAsync(RegisteredModel model, int version, DateTimeOffset? asOf, CancellationToken ct)
    {
        var (saying, verifying, making) = (
            approvals.ListAsync(model, version, asOf, MostApprovals, null, ct), verifications.ListAsync(model, version, asOf, MostVerifications, null, ct), origins.FindAsync(model.Number, version, ct));
        var said = (await saying).Value.Items;
        return new VersionOverviewModel { Approvals = said, Standing = Standing.Of(said, null), Verifications = (await verifying).Value.Items, Origin = await making };
    }
}
