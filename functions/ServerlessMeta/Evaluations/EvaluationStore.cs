using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Evaluations;

/// <summary>Records how model versions were judged. Each evaluation is one transaction with its audit entry; none ever changes.</summary>
public sealed class EvaluationStore
{
    public const string Kind = "Evaluation";

    /// <summary>How many of a version's evaluations are looked at for the latest and for comparisons, the newest first.</summary>
    public const int MostLookedAt = 5000;

    private readonly ModelWriter writer;
    private readonly ModelReader reader;
    private readonly ModelRecords records;
    private readonly RunReader runs;

    internal EvaluationStore(ModelWriter writer, ModelReader reader, ModelRecords records, RunReader runs) => (this.writer, this.reader, this.records, this.runs) = (writer, reader, records, runs);

    /// <summary>Records an evaluation, once: the same content, or a request with the same key, is the same evaluation. Four operations, five with a run.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="version">The version's number.</param>
    /// <param name="content">What is said.</param>
    /// <param name="key">Makes the request repeatable whatever it says; null: its content does.</param>
    /// <param name="ct">Gives up before the commit.</param>
    /// <returns>The evaluation, and whether it is new; <see cref="Failure.Clash"/> when the key recorded something else.</returns>
    public async Task<Result<(Evaluation Evaluation, bool IsNew)>> RecordAsync(string name, int version, EvaluationContent content, string? key, CancellationToken ct)
    {
        var packed = EvaluationRow.Pack(content);
        if (packed.Length > EvaluationRow.HighestBytes)
        {
            return new Failure.Invalid("body", $"An evaluation has up to {EvaluationRow.HighestBytes} bytes when zipped; this one has {packed.Length}.");
        }
        if (content.Run is { } run && !await runs.ExistsAsync(run, ct))
        {
            return new Failure.Invalid("run", $"There is no run '{run}'.");
        }
        var hash = content.Hash();
        var id = (key is null ? hash : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"key {key}"))))[..32];
        return await writer.ChangeAsync<(Evaluation, bool)>(name, PrepareAsync, ct);

        async Task<Result<(Evaluation, bool)>> PrepareAsync(ModelChange change, CancellationToken ct)
        {
            if (await change.FindVersionAsync(version, ct) is null)
            {
                return ModelVersionStore.NotFound(name, version);
            }
            if (await FindClaimedAsync(change.Model.Number, version, id, ct) is { } known)
            {
                return EvaluationRow.HashIn(known) == hash ? (EvaluationRow.To(known), false) : new Failure.Clash(Kind, id, "The idempotency key recorded another evaluation.");
            }
            var evaluation = new Evaluation(id, change.Model.Number, version, content, change.At, change.By.Name);
            var rowKey = EvaluationKeys.Evaluation(change.Model.Number, version, change.At, change.Model.Revision);
            change.Record(EvaluationRow.From(evaluation, packed, rowKey), null);
            change.Also(transaction => transaction.Add(EvaluationRow.Claim(EvaluationKeys.Claim(change.Model.Number, version, id), rowKey)));
            change.Note(
                "evaluation.record",
                new("version", version.ToString(CultureInfo.InvariantCulture)), new("evaluation", id), new("dataset", content.Dataset), new("digest", content.Digest), new("slice", content.Slice ?? ""));
            return (evaluation, true);
        }
    }

    /// <summary>The evaluation that has an id; null when there is none.</summary>
    public async Task<Evaluation?> FindAsync(RegisteredModel model, int version, string id, CancellationToken ct) =>
        id.Length == 32 && id.All(char.IsAsciiHexDigitLower) && await FindClaimedAsync(model.Number, version, id, ct) is { } row ? EvaluationRow.To(row) : null;

    /// <summary>Evaluations of a version, those recorded last first.</summary>
    public Task<Result<Paged<Evaluation>>> ListAsync(RegisteredModel model, int version, EvaluationFilter filter, int size, string? pageToken, CancellationToken ct) => records.PageAsync(
        string.Create(CultureInfo.InvariantCulture, $"evaluations\n{model.Number}\n{version}\n{filter}"),
        EvaluationKeys.Evaluations(model.Number, version, filter.AsOf),
        size,
        pageToken,
        row => EvaluationRow.To(row) is var evaluation && filter.Wants(evaluation) ? evaluation : null,
        ct,
        EvaluationRow.BytesOf);

    /// <summary>The latest evaluation on each dataset and slice, in the order of their names.</summary>
    public async Task<ImmutableArray<Evaluation>> LatestAsync(RegisteredModel model, int version, DateTimeOffset? asOf, CancellationToken ct)
    {
        var latest = new Dictionary<(string, string?), Evaluation>();
        await foreach (var evaluation in ReadAsync(model.Number, version, null, asOf, ct))
        {
            latest.TryAdd((evaluation.Content.Dataset, evaluation.Content.Slice), evaluation);
        }
        return [.. latest.Values.OrderBy(static one => one.Content.Dataset, StringComparer.Ordinal).ThenBy(static one => one.Content.Slice, StringComparer.Ordinal)];
    }

    /// <summary>What was measured of a version, the latest value of each.</summary>
    internal Task<Measurements> MeasurementsAsync(long model, int version, DateTimeOffset? asOf, CancellationToken ct) => Measurements.ReadAsync([ReadAsync(model, version, null, asOf, ct)]);

    /// <summary>The evaluations of a version, those recorded last first: up to <see cref="MostLookedAt"/>, a thousand an operation.</summary>
    /// <param name="model">The model's number.</param>
    /// <param name="version">The version's.</param>
    /// <param name="dataset">On this dataset alone; null: on any.</param>
    /// <param name="asOf">Those alone that were recorded by then; null: all.</param>
    /// <param name="ct">Gives up.</param>
    internal async IAsyncEnumerable<Evaluation> ReadAsync(long model, int version, string? dataset, DateTimeOffset? asOf, [EnumeratorCancellation] CancellationToken ct)
    {
        var left = MostLookedAt;
        await foreach (var row in records.ReadAsync(EvaluationKeys.Evaluations(model, version, asOf), 1000, dataset is null ? null : TableClient.CreateQueryFilter($"dataset eq {dataset}"), ct))
        {
            yield return EvaluationRow.To(row);
            if (--left == 0)
            {
                yield break;
            }
        }
    }

    /// <summary>The evaluations of the versions from one number to another, both included, in their order, of each those recorded last first: up to <see cref="MostLookedAt"/> together.</summary>
    internal async IAsyncEnumerable<Evaluation> ReadManyAsync(long model, int first, int last, [EnumeratorCancellation] CancellationToken ct)
    {
        var left = MostLookedAt;
        await foreach (var row in records.ReadAsync((EvaluationKeys.Evaluations(model, first, null).From, EvaluationKeys.Evaluations(model, last, null).Below), 1000, null, ct))
        {
            yield return EvaluationRow.To(row);
            if (--left == 0)
            {
                yield break;
            }
        }
    }

    // Claims are not audited: one that leads elsewhere counts for nothing.
    private async Task<TableEntity?> FindClaimedAsync(long model, int version, string id, CancellationToken ct) =>
        await reader.FindRowAsync(EvaluationKeys.Claim(model, version, id), ct) is { } claim && await reader.FindRowAsync(EvaluationRow.RowOf(claim), ct) is { } row && EvaluationRow.Is(row, model, version, id) ? row : null;
}
