using System.Globalization;
using ServerlessMeta.Environments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Ui.Compare;

/// <summary>What the runs of versions still tell of them: packages and platform, and points for charts.</summary>
internal sealed class VersionRuns(RunStore runs, EnvironmentStore environments)
{
    public async Task<ComparedSide> AddAsync(ComparedSide side, string? run, CancellationToken ct)
    {
        if (!RunId.TryParse(run, CultureInfo.InvariantCulture, out var id) || await runs.FindAsync(id, ct) is not { } found)
        {
            return side;
        }
        var environment = await environments.ReadAsync(found, ct);
        return (environment.IsOk ? RunSides.With(side, environment.Value) : side) with { Run = run };
    }
}
