using System.Collections.Immutable;
using ServerlessMeta.Approvals;
using ServerlessMeta.Models;
using ServerlessMeta.Policies;

namespace ServerlessMeta.Ui.Models;

/// <summary>Reads what lists say of versions.</summary>
internal sealed class VersionBriefs(ApprovalStore approvals, GateStore gates, IEnumerable<DriftOfVersion> watches)
{
    // Each costs some operations for each gate, and more when it asks for much; the newest is the one that waits to be promoted.
    private const int MostJudged = 1;

    /// <summary>Versions of a model: one operation for what was said of them all, two for the drift of each, and of the newest what its gates ask for.</summary>
    /// <param name="model">The model, as it was at the moment.</param>
    /// <param name="versions">The newest first.</param>
    /// <param name="asOf">What was said by then; nothing is judged then. Null: now.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<ImmutableArray<VersionLine>> ReadAsync(RegisteredModel model, ImmutableArray<RegisteredVersion> versions, DateTimeOffset? asOf, CancellationToken ct)
    {
        if (versions.IsEmpty)
        {
            return [];
        }
        var saying = approvals.ReadManyAsync(model.Number, versions[^1].Version.Number, versions[0].Version.Number, ct);
        var judging = versions.Select((version, place) => asOf is null && model.Policy != 0 && place < MostJudged ? JudgeAsync(model, version.Version.Number, ct) : Task.FromResult<GatesView?>(null)).ToList();
        var watching = versions.Select(version => asOf is null ? DriftAsync(model, version.Version.Number, ct) : Task.FromResult<VersionDrift?>(null)).ToList();
        var said = (await saying).Where(one => asOf is null || one.At <= asOf).ToLookup(static one => one.Version);
        var (judged, watched) = (await Task.WhenAll(judging), await Task.WhenAll(watching));
        return [.. versions.Select((version, place) => new VersionLine(version, Standing.Of(said[version.Version.Number], null), judged[place], watched[place]))];
    }

    /// <summary>What watching a version says; two operations, one when it is not watched.</summary>
    public async Task<VersionDrift?> DriftAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        VersionDrift? drift = null;
        foreach (var watch in watches)
        {
            drift ??= await watch(model, version, ct);
        }
        return drift;
    }

    /// <summary>Models with what watching the versions says that are in use: two operations for each that has one.</summary>
    public async Task<ImmutableArray<ModelLine>> ReadAsync(IEnumerable<RegisteredModel> models, DateTimeOffset? asOf, CancellationToken ct) =>
    [
        .. await Task.WhenAll(models.Select(async model => InUse(model) is { } version
            ? new ModelLine(model, version, asOf is null ? await DriftAsync(model, version, ct) : null)
            : new ModelLine(model, null, null))),
    ];

    /// <summary>The version that readers of a model use: the holder of the alias that is commonly theirs, else the newest in production, else the holder of any alias.</summary>
    public static int? InUse(RegisteredModel model)
    {
        foreach (var alias in (ReadOnlySpan<string>)["production", "champion", "prod"])
        {
            if (model.Aliases.TryGetValue(alias, out var holder))
            {
                return holder;
            }
        }
        return model.Stages.Where(static one => one.Value is ModelStage.Production).Select(static one => (int?)one.Key).LastOrDefault()
            ?? (model.Aliases.IsEmpty ? null : model.Aliases.Values.Max());
    }

    private async Task<GatesView?> JudgeAsync(RegisteredModel model, int version, CancellationToken ct) => await gates.JudgeAsync(model, version, [], ct) is { IsOk: true } judged ? judged.Value : null;
}
