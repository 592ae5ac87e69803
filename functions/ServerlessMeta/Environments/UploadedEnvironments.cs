using System.Text;
using ServerlessMeta.Artifacts;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Environments;

/// <summary>Takes the descriptions of an environment that clients upload with a run, or with a model that it made, into the run's environment.</summary>
internal sealed class UploadedEnvironments(ContentStore contents, EnvironmentStore environments, LoggedModelStore models, RunReader runs, ArtifactLocations locations)
{
    private const string Artifacts = "artifacts";
    private const string Models = "models";

    // What clients write beside a model or a run; other lock files may be anything of anyone's.
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal) { "requirements.txt", "conda.yaml", "python_env.yaml", "MLmodel" };

    public async Task TakeAsync(StoredFile file, CancellationToken ct)
    {
        if (!Names.Contains(file.Path.Name) || file.Size > EnvironmentRules.MaxFileBytes || await FindOwnerAsync(file.Path, ct) is not var (run, inner))
        {
            return;
        }
        var bytes = new byte[file.Size];
        await using (var content = contents.Open(file))
        {
            await content.ReadExactlyAsync(bytes, ct);
        }
        // A run that is deleted, or is none, has no environment to describe; the file is there all the same.
        var taken = await environments.TakeAsync(run, [new EnvironmentFile(inner, Encoding.UTF8.GetString(bytes))], ct);
        if (taken.Failure is Failure.Busy)
        {
            throw new TimeoutException(taken.Failure.Detail);
        }
    }

    // The run that a file belongs to, itself or by a model that it made, and the file's path there.
    private async Task<(RunId Run, string Inner)?> FindOwnerAsync(ArtifactPath path, CancellationToken ct)
    {
        var names = path.ToString().Split('/');
        for (var at = 1; at < names.Length - 1; at++)
        {
            if (names[at] != Artifacts)
            {
                continue;
            }
            // The folder must be the owner's own: anyone may store files under a path that only looks like one.
            if (RunId.TryParse(names[at - 1], null, out var id) && await runs.FindAsync(id, ct) is { } run
                && locations.OfRun(run.ToInfo(run.Stage)) is { } folder && path.From(folder) is { } inner)
            {
                return (id, inner);
            }
            if (at > 1 && names[at - 2] == Models && LoggedModelId.TryParse(names[at - 1], null, out var modelId) && await models.FindAsync(modelId, ct) is { } model
                && locations.OfModel(model) is { } root && path.From(root) is { } below && RunId.TryParse(model.SourceRunId, null, out id))
            {
                return (id, below);
            }
        }
        return null;
    }
}
