using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Previews;

/// <summary>Finds the file that a request about a run names. Two operations, the run's row and the file's: of a run no more is needed than its place and the names of its models.</summary>
internal sealed class PreviewedFiles(RunReader runs, ArtifactStore artifacts, ArtifactLocations locations)
{
    public async Task<Result<StoredFile>> FindAsync(string runId, string? path, string? model, CancellationToken ct)
    {
        if (!RunId.TryParse(runId, null, out var id) || await runs.FindAsync(id, ct) is not { } run)
        {
            return new Failure.NotFound("Run", runId.Length > 100 ? runId[..100] : runId);
        }
        var info = run.ToInfo(run.Stage);
        if (string.IsNullOrEmpty(path))
        {
            return new Failure.Invalid("path", "Name a file of the run by its path.");
        }
        if (model is not null && !run.Outputs.Any(output => output.ModelId == model))
        {
            return new Failure.NotFound("Logged model of the run", model.Length > 100 ? model[..100] : model);
        }
        if ((model is null ? locations.OfRun(info) : locations.OfModel(info, model)) is not { } root)
        {
            return new Failure.Invalid("path", "The files of this run lie elsewhere: its experiment names another place for them.");
        }
        var below = root.Below(path);
        if (!below.IsOk)
        {
            return below.Failure;
        }
        return await artifacts.FindAsync(below.Value, ct) is { } file ? file : new Failure.NotFound("File", path);
    }
}
