using ServerlessMeta.Artifacts;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Finds the file of a logged dataset, or of any artifact version, where it lies in this store.</summary>
internal sealed class DatasetFiles(ArtifactVersionReader versions, ArtifactLocations locations, ArtifactStore artifacts)
{
    /// <summary>The file, and the version's number.</summary>
    public async Task<Result<(StoredFile File, long Version)>> FindAsync(string artifact, string version, CancellationToken ct)
    {
        if (!VersionReference.TryParse(version, null, out var reference))
        {
            return new Failure.Invalid("dataset.version", "A version is named by its number, latest, md5:<hex>, sha256:<hex> or digest:<text>.");
        }
        var found = await versions.FindVersionAsync(artifact, reference, ct);
        if (!found.IsOk)
        {
            return new Failure.Invalid("dataset", found.Failure.Detail);
        }
        foreach (var path in found.Value.Locations.Select(locations.Find).OfType<ArtifactPath>())
        {
            if (await artifacts.FindAsync(path, ct) is { } file)
            {
                return (file, found.Value.Number);
            }
        }
        return new Failure.Invalid("dataset", $"No location of version {found.Value.Number} is a file in this store: {string.Join(", ", found.Value.Locations.Take(3).DefaultIfEmpty("it has none"))}.");
    }

    /// <summary>The bytes, and their media type by the file's name when it was stored under none that tells.</summary>
    public (Stream Content, string ContentType) Open(StoredFile file) =>
        (artifacts.Open(file), file.ContentType.Split(';')[0].Trim() is var type && type is not ("application/octet-stream" or "text/plain") ? type : ContentTypes.Guess(file.Path.Name));
}
