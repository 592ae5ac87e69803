using System.Collections.Immutable;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Ui.Data;

/// <summary>
/// Reads an artifact with a version of it: six operations, one for each run that is named, and for the statistics of a version and of the one it is compared with two or three each: they stand with
/// the run that read it.
/// </summary>
internal sealed class DataReader(ArtifactVersionReader versions, RunReader runs, RunStore store, RegistryIndex registry)
{
    private const int PageSize = 50;
    private const int MostUses = 20;

    public async Task<Result<DataModel>> ReadAsync(string name, VersionReference shown, VersionReference? against, string? page, CancellationToken ct)
    {
        var (finding, listing, looking) = (versions.FindAsync(name, ct), versions.ListVersionsAsync(name, PageSize, page, ct), versions.FindVersionAsync(name, shown, ct));
        var (artifact, list, version) = (await finding, await listing, await looking);
        if ((artifact.Failure ?? list.Failure ?? version.Failure) is { } failed)
        {
            return failed;
        }
        var number = version.Value.Number;
        var other = against ?? (number > 1 ? new VersionReference(number - 1, null) : null);
        var comparing = other is null ? null : versions.FindVersionAsync(name, other, ct);
        var indexing = registry.ReadAsync(ct);
        var uses = await versions.ListUsesAsync(name, new VersionReference(number, null), MostUses, null, ct);
        var named = NameAsync(uses.Value.Items, ct);
        var (compared, models) = (comparing is null ? (Result<ArtifactVersion>?)null : await comparing, await indexing);
        if (against is not null && compared is { Failure: { } missing })
        {
            return missing;
        }
        var statistics = StatisticsAsync(version.Value, uses.Value.Items, ct);
        var before = compared is { IsOk: true } one ? one.Value : null;
        var beforeStatistics = before is null ? [] : await StatisticsAsync(before, (await versions.ListUsesAsync(name, new VersionReference(before.Number, null), 1, null, ct)).Value.Items, ct);
        return new DataModel(
            artifact.Value, list.Value.Items, list.Value.Next, version.Value, SchemaColumns.Read(version.Value.Schema), await statistics, await named, uses.Value.Next is not null,
            ModelsOf(models, [.. uses.Value.Items.Select(static use => use.Run)]), before is null ? null : VersionComparison.Of(before, version.Value),
            before is null ? [] : TextChange.Between(beforeStatistics, await statistics));
    }

    private async Task<ImmutableArray<DataUse>> NameAsync(ImmutableArray<VersionUse> uses, CancellationToken ct) =>
        [.. await Task.WhenAll(uses.Select(async use => await runs.FindChangeAsync(use.Run, ct) is { } run ? new DataUse(use, run.Name, run.Status) : new DataUse(use, use.Run.ToString(), null)))];

    private static ImmutableArray<DataModelVersion> ModelsOf(IReadOnlyList<IndexedModel>? all, HashSet<RunId> made) =>
    [
        .. (all ?? []).SelectMany(model => model.Versions.Reverse().Where(version => version.Run is { } run && made.Contains(run))
            .Select(version => new DataModelVersion(model.Model.Name, version.Number, [.. model.Model.Aliases.Where(alias => alias.Value == version.Number).Select(static alias => alias.Key)]))),
    ];

    private async Task<IReadOnlyList<KeyValuePair<string, string>>> StatisticsAsync(ArtifactVersion version, ImmutableArray<VersionUse> uses, CancellationToken ct)
    {
        if (uses.FirstOrDefault(static use => use.Direction is UseDirection.Used) is not { } use || await store.FindAsync(use.Run, ct) is not { } run)
        {
            return [];
        }
        var known = version.Digests.Known.Select(static digest => digest.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return ProfileText.Read(run.Datasets.FirstOrDefault(dataset => dataset.Name == version.Name && known.Contains(dataset.Digest))?.Profile);
    }
}
