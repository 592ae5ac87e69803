using System.Collections.Immutable;
using CsvHelper;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Raw rows made into what is kept of them: a profile, and predictions where the schema names an id. Rows are CSV with a header (UTF-8; the separator is found), Parquet, or JSON: a list of flat objects, or one
/// after another. Missing is null, an empty text or NaN (in CSV also <c>NA</c>, <c>N/A</c>, <c>null</c> and <c>None</c>); in JSON the texts <c>"NaN"</c>, <c>"Infinity"</c> and
/// <c>"-Infinity"</c> stand for the numbers that it lacks.
/// </summary>
/// <param name="Profile">Without the columns of ids and times.</param>
/// <param name="Predictions">In the order of the rows, each id once.</param>
/// <param name="Rows">Rows taken: one that repeats a prediction is left out.</param>
internal sealed record RowIngest(DataProfile Profile, ImmutableArray<JoinedPrediction> Predictions, long Rows)
{
    /// <summary>Media types of rows, for the answer to another.</summary>
    public const string Types = "text/csv, application/vnd.apache.parquet, application/json, application/x-ndjson";

    /// <summary>All faults joined in one.</summary>
    public static async Task<Result<RowIngest>> ReadAsync(Stream body, string contentType, RowIngestOptions options, CancellationToken ct)
    {
        var faults = new RowFaults();
        return await ReadAsync(body, contentType, options, faults, ct) is { } read ? read : faults.Joined();
    }

    /// <summary>Null when there are faults.</summary>
    public static async Task<RowIngest?> ReadAsync(Stream body, string contentType, RowIngestOptions options, RowFaults faults, CancellationToken ct)
    {
        await using var bounded = new BoundedStream(body, RowIngestOptions.MostBytes);
        var table = new RowTable(options, faults);
        try
        {
            switch (contentType.Split(';')[0].Trim().ToLowerInvariant())
            {
                case "text/csv" or "application/csv" or "text/tab-separated-values":
                    await CsvRows.ReadAsync(bounded, table, faults, ct);
                    break;
                case "application/json" or "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines":
                    await JsonRows.ReadAsync(bounded, table, faults, ct);
                    break;
                case "application/vnd.apache.parquet" or "application/x-parquet" or "application/parquet":
                    await ParquetRows.ReadAsync(bounded, table, faults, ct);
                    break;
                default:
                    faults.Add("Content-Type", $"Rows are of these types: {Types}.");
                    break;
            }
        }
        catch (BoundedStream.ExceededException)
        {
            faults.Add("body", $"Rows have up to {RowIngestOptions.MostBytes >> 20} MiB a body.");
        }
        catch (CsvFormatException wrong)
        {
            faults.Row(table.Read + 1, wrong.Message);
        }
        if (!faults.Any && table.Columns.Count == 0)
        {
            faults.Add("body", "There are no columns.");
        }
        if (!faults.Any && table.Rows > 0)
        {
            table.CheckSchema();
        }
        return faults.Any ? null : table.Build();
    }
}
