using ServerlessMeta.LoggedModels;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// Where runs and logged models keep their files: <c>{experiment}/{run}/artifacts</c> in this store, unless the experiment named a place. A place that is an
/// address with <paramref name="scheme"/> lies in this store too; any other lies elsewhere.
/// </summary>
/// <param name="scheme">The scheme by which a dialect addresses this store's own files.</param>
public sealed class ArtifactLocations(string scheme)
{
    /// <summary>The folder of a run's files in this store; null when they lie elsewhere.</summary>
    public ArtifactPath? OfRun(RunInfo run) => Below(run.Id.Experiment.ToString(), run.ArtifactRoot, $"{run.Id}/artifacts");

    /// <summary>The folder of the files of a logged model that a run made, in this store; null when they lie elsewhere.</summary>
    public ArtifactPath? OfModel(RunInfo run, string modelId) => Below(run.Id.Experiment.ToString(), run.ArtifactRoot, $"models/{modelId}/artifacts");

    /// <summary>The folder of a logged model's files in this store; null when they lie elsewhere.</summary>
    public ArtifactPath? OfModel(LoggedModel model) => Below(model.Id.Experiment.ToString(), model.ArtifactRoot, $"models/{model.Id}/artifacts");

    /// <summary>The folder that an address names in this store; null when it names another place.</summary>
    public ArtifactPath? Find(string address)
    {
        var start = scheme + ":";
        if (!address.StartsWith(start, StringComparison.Ordinal))
        {
            return null;
        }
        var path = address[start.Length..];
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            // With a host, the path begins behind it.
            var slash = path.IndexOf('/', 2);
            path = slash < 0 ? "" : path[slash..];
        }
        return ArtifactPath.Parse(path.Trim('/')) is { IsOk: true } parsed ? parsed.Value : null;
    }

    /// <summary>A folder below an experiment's place.</summary>
    internal ArtifactPath? Below(string experiment, string? root, string folder) =>
        (root is null ? ArtifactPath.Parse($"{experiment}/{folder}") : Find(root) is { } found ? found.Below(folder) : new Failure.NotFound("Folder", folder)) is { IsOk: true } path ? path.Value : null;
}
