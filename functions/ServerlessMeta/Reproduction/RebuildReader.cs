using System.Collections.Immutable;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Environments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Reproduction;

/// <summary>Reads what rebuilds a run: the run, its environment, the list of its files. The files themselves are read when they are written.</summary>
public sealed class RebuildReader
{
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

    private async Task<(ImmutableArray<RecordedFile> Files, string? LeftOut)> FilesOfAsync(RunInfo run, CancellationToken ct)
    {
        if (locations.OfRun(run) is not { } folder)
        {
            return ([], "The run's files lie outside this store.");
        }
        var selection = new RebuildSelection();
        await foreach (var file in artifacts.ListAllAsync(folder, ct))
        {
            selection.Offer(new RecordedFile(file.Path.From(folder)!, file.Size, file.Sha256, () => artifacts.Open(file)));
        }
        return selection.Finish();
    }
}
