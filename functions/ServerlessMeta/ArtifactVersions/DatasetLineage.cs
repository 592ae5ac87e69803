using System.Collections.Immutable;
using System.Text.Json;
using Azure;
using ServerlessMeta.Datasets;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>
/// Every dataset that a run logs is a version of an artifact, and the run a user of it. The run's row comes first, for it says whether the run may log; a crash in
/// between leaves the run hot, and what is hot is recorded again before it cools.
/// </summary>
public sealed class DatasetLineage
{
    private const int AtOnce = 8;
    private readonly RunStore runs;
    private readonly RunReader reader;
    private readonly InputBlobs inputs;
    private readonly ArtifactVersionStore versions;
    private readonly DatasetWords words;
    private readonly KnownVersions known = new();

    internal DatasetLineage(RunStore runs, RunReader reader, InputBlobs inputs, ArtifactVersionStore versions, DatasetWords words) =>
        (this.runs, this.reader, this.inputs, this.versions, this.words) = (runs, reader, inputs, versions, words);

    /// <summary>Logs what a run reads; answered when the run, the versions and the uses are stored.</summary>
    public async Task<Result<RunInfo>> LogInputsAsync(RunId run, ImmutableArray<DatasetInput> datasets, ImmutableArray<ModelInput> models, CancellationToken ct)
    {
        var logged = await runs.LogInputsAsync(run, datasets, models, ct);
        return logged.IsOk && await RecordAsync(run, datasets, ct) is { } failed ? failed : logged;
    }

    /// <summary>Records the datasets of a run that is about to cool; false when that did not succeed, and the run must stay hot.</summary>
    internal async Task<bool> RecordAgainAsync(RunId run, CancellationToken ct)
    {
        if (await reader.FindAsync(run, ct) is not { } record)
        {
            return true;
        }
        var datasets = ImmutableArray.CreateBuilder<DatasetInput>();
        foreach (var input in record.InputRecords())
        {
            datasets.Add(await WholeAsync(input, ct));
        }
        return await RecordAsync(run, datasets.ToImmutable(), ct) is null;
    }

    // A blob that is gone must not keep its run hot for ever: name and digest are in the run's row.
    private async Task<DatasetInput> WholeAsync(DatasetRecord input, CancellationToken ct)
    {
        try
        {
            return await inputs.WholeAsync(input, ct);
        }
        catch (RequestFailedException gone) when (gone.Status is 404)
        {
            return input.Dataset;
        }
    }

    private async Task<Failure?> RecordAsync(RunId run, ImmutableArray<DatasetInput> datasets, CancellationToken ct)
    {
        Failure? failed = null;
        // Of equal ones the last counts, as in the run itself.
        var distinct = datasets.GroupBy(static dataset => (dataset.Name, dataset.Digest)).Select(static same => same.Last());
        await Parallel.ForEachAsync(distinct, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (dataset, stop) =>
        {
            if (await RecordAsync(run, dataset, stop) is { } failure)
            {
                failed = failure;
            }
        });
        return failed;
    }

    private async Task<Failure?> RecordAsync(RunId run, DatasetInput dataset, CancellationToken ct)
    {
        var wanted = RegistrationOf(dataset);
        var context = dataset.Tags.LastOrDefault(tag => tag.Key == words.ContextTag).Value;
        if (known.Find(wanted) is { } number)
        {
            await versions.NoteAsync(new VersionUse(wanted.Name, number, run, UseDirection.Used, context), ct);
            return null;
        }
        var registered = await versions.RegisterAsync(wanted, (run, UseDirection.Used, context), ct);
        if (registered.IsOk)
        {
            known.Remember(wanted, registered.Value.Version.Number);
        }
        return registered.Failure;
    }

    private static Registration RegistrationOf(DatasetInput dataset) => new(dataset.Name, ArtifactType.Dataset, ArtifactDigests.Of(KnownDigest.Of(dataset.Digest)), LocationOf(dataset.Source))
    {
        // What a version does not take is with the run.
        Schema = dataset.Schema is { Length: > 0 } schema && SchemaText.Refuse(schema) is null ? schema : null,
        IsNote = true,
    };

    // Clients write a source as JSON that holds the URI, or as the URI itself.
    private static string? LocationOf(string source)
    {
        var location = source;
        if (source.StartsWith('{'))
        {
            try
            {
                using var parsed = JsonDocument.Parse(source);
                if (JsonTexts.IsText(parsed.RootElement) && UriIn(parsed.RootElement) is { } uri)
                {
                    location = uri;
                }
            }
            catch (JsonException)
            {
                // Then it is taken as it is.
            }
        }
        location = LocationSecrets.Drop(location);
        return location.Length is > 0 and <= RegistrationReader.LocationLength ? location : null;
    }

    private static string? UriIn(JsonElement source) =>
        ((string[])["uri", "url", "path"]).Select(name => source.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null).FirstOrDefault(static uri => uri is { Length: > 0 });
}
