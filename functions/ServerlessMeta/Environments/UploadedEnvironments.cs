using System.Text;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Environments;

/// <summary>Takes the descriptions of an environment that clients upload with a run, or with a model that it made, into the run's environment.</summary>
internal sealed class UploadedEnvironments(ContentStore contents, EnvironmentStore environments)
{
    private const string Artifacts = "artifacts";
    private const string Models = "models";

    // What clients write beside a model or a run; other lock files may be anything of anyone's.
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal) { "requirements.txt", "conda.yaml", "python_env.yaml", "MLmodel" };

    public async Task TakeAsync(StoredFile file, CancellationToken ct)
    {
        if (!Names.Contains(file.Path.Name) || file.Size > EnvironmentRules.MaxFileBytes || OwnerOf(file.Path) is not var (run, inner))
        {
            return;
        }
        var bytes = new byte[file.Size];
        await using (var content = new ContentReadStream(contents.Blob(file.Blob), file.Size))
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

    // The run that a file belongs to, and its path there.
    private static (RunId Run, string Inner)? OwnerOf(ArtifactPath path)
    {
        var names = path.ToString().Split('/');
        for (var at = 1; at < names.Length - 1; at++)
        {
            if (names[at] == Artifacts && RunId.TryParse(names[at - 1], null, out var run))
            {
                return (run, string.Join('/', names[(at + 1)..]));
            }
        }
        return null;
    }
}
