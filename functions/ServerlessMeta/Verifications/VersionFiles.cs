using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Artifacts;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Models;

namespace ServerlessMeta.Verifications;

/// <summary>Reads which files a version has now, by the digests that were recorded when they were stored.</summary>
public sealed class VersionFiles
{
    private readonly ArtifactStore artifacts;
    private readonly ArtifactLocations locations;
    private readonly LoggedModelStore loggedModels;
    private readonly ModelWords words;

    internal VersionFiles(ArtifactStore artifacts, ArtifactLocations locations, LoggedModelStore loggedModels, ModelWords words) =>
        (this.artifacts, this.locations, this.loggedModels, this.words) = (artifacts, locations, loggedModels, words);

    /// <summary>The content: an operation for each thousand files, two more when a logged model says where they lie.</summary>
    public async Task<VersionContent> ReadAsync(ModelVersion version, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // A prompt has no files: its text is what it is.
        var text = version.Tags.FirstOrDefault(tag => tag.Key == words.TextTag).Value ?? version.LargeTags.FirstOrDefault(tag => tag.Key == words.TextTag)?.Sha256;
        foreach (var part in (ReadOnlySpan<string?>)[version.Source, version.Run?.ToString(), version.LoggedModel?.ToString(), text])
        {
            Append(hash, part);
        }
        if (await FolderAsync(version, ct) is not { } folder)
        {
            return new VersionContent(Convert.ToHexStringLower(hash.GetHashAndReset()), null);
        }
        var files = new List<StoredFile>();
        await foreach (var file in artifacts.ListAllAsync(folder, ct))
        {
            files.Add(file);
        }
        if (files.Count == 0 && await artifacts.FindAsync(folder, ct) is { } single)
        {
            files.Add(single);
        }
        files.Sort(static (one, other) => string.CompareOrdinal(one.Path.ToString(), other.Path.ToString()));
        foreach (var file in files)
        {
            Append(hash, file.Path.ToString());
            Append(hash, file.Size.ToString(CultureInfo.InvariantCulture));
            Append(hash, file.Sha256);
        }
        return new VersionContent(Convert.ToHexStringLower(hash.GetHashAndReset()), [.. files]);
    }

    private async Task<ArtifactPath?> FolderAsync(ModelVersion version, CancellationToken ct) =>
        locations.Find(version.Location ?? version.Source) is { IsRoot: false } folder ? folder
        : version.LoggedModel is { } id && await loggedModels.FindAsync(id, ct) is { } model ? locations.OfModel(model)
        : null;

    private static void Append(IncrementalHash hash, string? part)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part}\n")));
    }
}
