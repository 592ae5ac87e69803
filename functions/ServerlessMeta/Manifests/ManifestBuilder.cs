using System.Collections.Immutable;
using ServerlessMeta.Artifacts;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Datasets;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Manifests;

/// <summary>Collects what a run read and made: its files and those of the models that it made, its datasets, the models that it read.</summary>
internal sealed class ManifestBuilder(RunStore runs, ArtifactStore artifacts, ArtifactLocations locations, ArtifactVersionReader versions)
{
    /// <summary>A manifest is one JSON document, so it has a bound; a folder of more files is itself a dataset, and better packed.</summary>
    public const int MaxFiles = 100_000;

    private const int VersionsPerPage = 1000;

    public async Task<Result<RunManifest>> BuildAsync(RunId id, CancellationToken ct)
    {
        if (await runs.FindAsync(id, ct) is not { } run)
        {
            return new Failure.NotFound("Run", id.ToString());
        }
        var outputs = ImmutableArray.CreateBuilder<ManifestEntry>();
        outputs.AddRange(run.Outputs.OrderBy(static output => output.ModelId, StringComparer.Ordinal).Select(static output => new ManifestEntry("model", output.ModelId)));
        if (!await TryAddFilesAsync(locations.OfRun(run.Info), null, id, outputs, ct))
        {
            return TooMany();
        }
        foreach (var output in run.Outputs.OrderBy(static output => output.ModelId, StringComparer.Ordinal))
        {
            if (!await TryAddFilesAsync(locations.OfModel(run.Info, output.ModelId), output.ModelId, id, outputs, ct))
            {
                return TooMany();
            }
        }
        var uses = await ListVersionsAsync(id, ct);
        outputs.AddRange(uses.Where(static use => use.Direction is UseDirection.Made).Select(static use => EntryOf(use.Version)));
        return new RunManifest
        {
            RunId = id.ToString(),
            ExperimentId = id.Experiment.ToString(),
            Environment = run.EnvironmentDigest,
            Inputs =
            [
                .. run.Datasets.Select(dataset => EntryOf(dataset, uses)).OrderBy(static entry => entry.Key, StringComparer.Ordinal),
                .. run.Models.Select(static model => new ManifestEntry("model", model.ModelId)).OrderBy(static entry => entry.Path, StringComparer.Ordinal),
            ],
            Outputs = outputs.ToImmutable(),
        };
    }

    private async Task<bool> TryAddFilesAsync(ArtifactPath? folder, string? model, RunId id, ImmutableArray<ManifestEntry>.Builder entries, CancellationToken ct)
    {
        if (folder is not { } root)
        {
            return true;
        }
        await foreach (var file in artifacts.ListAllAsync(root, ct))
        {
            if (entries.Count == MaxFiles)
            {
                return false;
            }
            var path = file.Path.From(root)!;
            entries.Add(new ManifestEntry("file", path)
            {
                Model = model,
                Size = file.Size,
                Md5 = file.Md5,
                Sha256 = file.Sha256,
                ContentType = file.ContentType,
                Preview = $"/api/v1/runs/{id}/preview?path={Uri.EscapeDataString(path)}{(model is null ? "" : $"&model={model}")}",
            });
        }
        return true;
    }

    // Every version that the run used or made, in the order of their names.
    private async Task<List<(UseDirection Direction, ArtifactVersion Version)>> ListVersionsAsync(RunId id, CancellationToken ct)
    {
        var found = new List<(UseDirection, ArtifactVersion)>();
        string? token = null;
        do
        {
            var page = (await versions.ListOfRunAsync(id, VersionsPerPage, token, ct)).Value;
            foreach (var use in page.Items)
            {
                if (await versions.FindVersionAsync(use.Name, new VersionReference(use.Number, null), ct) is { IsOk: true } version)
                {
                    found.Add((use.Direction, version.Value));
                }
            }
            token = page.Next;
        }
        while (token is not null);
        return [.. found.OrderBy(static use => use.Item2.Name, StringComparer.Ordinal).ThenBy(static use => use.Item2.Number)];
    }

    // What the version knows beside what the run's client said: the other digest, the size.
    private static ManifestEntry EntryOf(DatasetInput dataset, List<(UseDirection Direction, ArtifactVersion Version)> uses)
    {
        var digests = ArtifactDigests.Of(KnownDigest.Of(dataset.Digest));
        var version = uses.Find(use => use.Direction is UseDirection.Used && use.Version.Name == dataset.Name && use.Version.Digests.Known.Any(digests.Known.Contains)).Version;
        return (version is null ? new ManifestEntry("dataset", dataset.Name) { Md5 = digests.Md5, Sha256 = digests.Sha256, Digest = digests.Opaque } : EntryOf(version)) with
        {
            Kind = "dataset",
            Source = dataset.Source,
        };
    }

    private static ManifestEntry EntryOf(ArtifactVersion version) => new("artifact", version.Name)
    {
        Version = version.Number,
        Size = version.Size,
        Md5 = version.Digests.Md5,
        Sha256 = version.Digests.Sha256,
        Digest = version.Digests.Opaque,
        Source = version.Locations.FirstOrDefault(),
    };

    private static Failure.Invalid TooMany() => new("run", $"A manifest names up to {MaxFiles} files; this run has more.");
}
