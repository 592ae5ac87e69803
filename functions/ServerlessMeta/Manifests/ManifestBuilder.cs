using System.Collections.Immutable;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Datasets;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Manifests;

/// <summary>Collects what a run read and made: its files and those of the models that it made, its datasets, the models that it read.</summary>
internal sealed class ManifestBuilder(RunStore runs, ArtifactStore artifacts, ArtifactLocations locations)
{
    /// <summary>A manifest is one JSON document, so it has a bound; a folder of more files is itself a dataset, and better packed.</summary>
    public const int MaxFiles = 100_000;

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
        return new RunManifest
        {
            RunId = id.ToString(),
            ExperimentId = id.Experiment.ToString(),
            Environment = run.EnvironmentDigest,
            Inputs =
            [
                .. run.Datasets.Select(EntryOf).OrderBy(static entry => entry.Key, StringComparer.Ordinal),
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

    private static ManifestEntry EntryOf(DatasetInput dataset)
    {
        var digest = dataset.Digest.ToLowerInvariant();
        var isHex = digest.All(char.IsAsciiHexDigitLower);
        return new ManifestEntry("dataset", dataset.Name)
        {
            Md5 = isHex && digest.Length == 32 ? digest : null,
            Sha256 = isHex && digest.Length == 64 ? digest : null,
            Digest = isHex && digest.Length is 32 or 64 ? null : dataset.Digest,
            Source = dataset.Source,
        };
    }

    private static Failure.Invalid TooMany() => new("run", $"A manifest names up to {MaxFiles} files; this run has more.");
}
