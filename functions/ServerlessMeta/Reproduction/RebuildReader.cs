using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Environments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Reproduction;

/// <summary>Reads what rebuilds a run: the run, its environment, the list of its files. The files themselves are read when they are written.</summary>
public sealed class RebuildReader
{
    /// <summary>What is taken along of a run's own files.</summary>
    internal const long MaxBytes = 64 * 1024 * 1024;
    internal const int MaxFiles = 5_000;

    private readonly RunStore runs;
    private readonly EnvironmentStore environments;
    private readonly ArtifactStore artifacts;
    private readonly ArtifactLocations locations;

    internal RebuildReader(RunStore runs, EnvironmentStore environments, ArtifactStore artifacts, ArtifactLocations locations) =>
        (this.runs, this.environments, this.artifacts, this.locations) = (runs, environments, artifacts, locations);

    internal async Task<Result<RebuildRecord>> ReadAsync(RunId id, CancellationToken ct)
    {
        if (await runs.FindAsync(id, ct) is not { } run)
        {
            return new Failure.NotFound("Run", id.ToString());
        }
        var reading = environments.ReadAsync(run, ct);
        var (files, leftOut) = await FilesOfAsync(run.Info, ct);
        var environment = await reading;
        return environment.IsOk ? new RebuildRecord { Run = run, Environment = environment.Value, Files = files, OwnFile = address => OwnFile(run.Info, files, address), LeftOut = leftOut } : environment.Failure;
    }

    // A dataset that the run stored itself is at hand.
    private string? OwnFile(RunInfo run, ImmutableArray<RecordedFile> files, string address) =>
        locations.OfRun(run) is { } folder && locations.Find(address)?.From(folder) is { } path && files.Any(file => file.Path == path) ? path : null;

    // Code before the rest, so that no model leaves the code out.
    private async Task<(ImmutableArray<RecordedFile> Files, string? LeftOut)> FilesOfAsync(RunInfo run, CancellationToken ct)
    {
        if (locations.OfRun(run) is not { } folder)
        {
            return ([], "The run's files lie outside this store.");
        }
        var (found, skipped) = (new List<RecordedFile>(), 0);
        await foreach (var file in artifacts.ListAllAsync(folder, ct))
        {
            if (file.Path.From(folder) is { } path && EnvironmentPaths.IsPortable(path) && found.Count < MaxFiles)
            {
                found.Add(new RecordedFile(path, file.Size, file.Sha256, () => artifacts.Open(file)));
            }
            else
            {
                skipped++;
            }
        }
        var (kept, bytes) = (new List<RecordedFile>(), 0L);
        foreach (var file in found.OrderByDescending(static file => file.IsCode))
        {
            if (bytes + file.Size > MaxBytes)
            {
                skipped++;
                continue;
            }
            bytes += file.Size;
            kept.Add(file);
        }
        kept.Sort(static (x, y) => string.CompareOrdinal(x.Path, y.Path));
        foreach (var clash in EnvironmentPaths.Clashes([.. kept.Select(static file => file.Path)]).Reverse().ToList())
        {
            kept.RemoveAt(clash);
            skipped++;
        }
        return ([.. kept], skipped == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{skipped} files: beyond {MaxFiles} files, {MaxBytes} bytes, or with names that not every system takes."));
    }
}
