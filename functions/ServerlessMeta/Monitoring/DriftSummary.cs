using System.Text.Json;
using ServerlessMeta.Models;

namespace ServerlessMeta.Monitoring;

/// <summary>What watching a version says of it, in brief: two operations, one when it is not watched.</summary>
internal sealed class DriftSummary(TargetStore targets, ResultHistory history)
{
    public async Task<VersionDrift?> OfVersionAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        var found = MonitoringTargets.Of(model, version);
        if (await targets.FindAsync(found.Target, ct) is not { } watched)
        {
            return null;
        }
        var newest = await history.NewestAsync(found.Target, ct);
        var drift = new VersionDrift { Link = $"{found.Path}/drift", Baseline = watched.Baseline?.Number ?? 0, Alerts = [.. ResultHistory.AlertsOf(newest) ?? []] };
        return newest is not [var latest, ..] ? drift : drift with
        {
            Window = latest.Window,
            Start = latest.Start,
            End = latest.End,
            Revision = latest.Brief.Revision,
            State = JsonNamingPolicy.CamelCase.ConvertName(latest.Brief.State.ToString()),
            Verdict = JsonNamingPolicy.CamelCase.ConvertName(latest.Brief.Verdict.ToString()),
            Rows = latest.Brief.Rows,
            Labelled = latest.Brief.Labelled,
            Drifted = latest.Brief.Drifted,
            Compared = latest.Brief.Compared,
        };
    }
}
