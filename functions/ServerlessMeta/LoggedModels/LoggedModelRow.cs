using System.Collections.Immutable;
using Azure.Data.Tables;
using ServerlessMeta.Audit;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.LoggedModels;

/// <summary>
/// A logged model as one row: its info, chunks of params (p), tags (g) and the series of its metrics (s), counted in <c>np ng ns</c>, and the points of the
/// series in <c>t0</c> .. as a run's tail has them. Rows of before have their series in <c>m</c> until one is added. Its limits keep it under Azure's 1 MiB and 252 properties whatever is in it.
/// </summary>
internal static class LoggedModelRow
{
    public const int Schema = 1;

    /// <summary>Params and tags together, in bytes packed.</summary>
    public const int FieldBytes = 256 * 1024;

    /// <summary>Chunks of params, and as many of tags, before they are packed anew.</summary>
    public const int FieldChunks = 24;

    /// <summary>Key, run and dataset of every series together, in bytes packed: about 5,000 plain keys. Beyond it a model has no further series.</summary>
    public const int SeriesBytes = 128 * 1024;

    /// <summary>More chunks than so many bytes ever fill.</summary>
    private const int SeriesChunks = 32;

    /// <summary>How many points a model keeps before it thins them; a point takes about 11 bytes, never more than 31.</summary>
    public const int Points = 16_000;

    /// <summary>A write adds one property; then they are packed anew.</summary>
    public const int TailProperties = 100;

    private static readonly string[] InfoColumns = ["PartitionKey", "RowKey", "v", "name", "type", "run", "status", "created", "updated", "stage", "root"];

    /// <summary>The columns that a reader needs who looks at the info and these kinds of fields; of a row that has no more, <see cref="To"/> makes a model without the others.</summary>
    public static string[] ColumnsOf(bool parameters, bool tags, bool metrics) =>
    [
        .. InfoColumns,
        .. parameters ? ChunkColumns('p', FieldChunks) : [],
        .. tags ? ChunkColumns('g', FieldChunks) : [],
        .. metrics ? ChunkColumns('s', SeriesChunks).Concat(ChunkColumns('m', SeriesChunks)).Concat(Enumerable.Range(0, TailProperties).Select(RunRow.Tail)) : [],
    ];

    /// <summary>What the audit proves: info, params and tags. Points and series are data; and how fields lie in chunks may change without a change of the model.</summary>
    public static string DigestOf(TableEntity row) => DigestOf(Info(row), Chunks(row, 'p'), Chunks(row, 'g'));

    public static string DigestOf(LoggedModel info, IEnumerable<byte[]> parameters, IEnumerable<byte[]> tags)
    {
        var record = new TableEntity();
        PutInfo(info, record);
        record["p"] = parameters.SelectMany(static chunk => chunk).ToArray();
        record["g"] = tags.SelectMany(static chunk => chunk).ToArray();
        return RowDigest.Of(record);
    }

    public static LoggedModel To(TableEntity row) => Info(row) with
    {
        Params = Fields(Chunks(row, 'p')),
        Tags = Fields(Chunks(row, 'g')),
        Metrics = Metrics(Series(row), RunRow.TailOf(row)),
    };

    /// <summary>The model without its params, tags and metrics.</summary>
    public static LoggedModel Info(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Logged model row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        return new LoggedModel
        {
            Id = LoggedModelKeys.ModelOf(row.RowKey),
            Name = row.GetString("name"),
            Type = row.GetString("type"),
            SourceRunId = row.GetString("run"),
            Status = (LoggedModelStatus)row.GetInt32("status")!.Value,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64("created")!.Value),
            UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64("updated")!.Value),
            Stage = (LifecycleStage)row.GetInt32("stage")!.Value,
            ArtifactRoot = row.GetString("root"),
        };
    }

    /// <summary>The row's own properties but chunks, points and guard.</summary>
    public static void PutInfo(LoggedModel model, TableEntity row)
    {
        row["v"] = Schema;
        row["name"] = model.Name;
        row["status"] = (int)model.Status;
        row["created"] = model.CreatedAt.ToUnixTimeMilliseconds();
        row["updated"] = model.UpdatedAt.ToUnixTimeMilliseconds();
        row["stage"] = (int)model.Stage;
        PutText(row, "type", model.Type);
        PutText(row, "run", model.SourceRunId);
        PutText(row, "root", model.ArtifactRoot);
    }

    public static byte[][] Chunks(TableEntity row, char kind) => [.. Enumerable.Range(0, row.GetInt32(RunRow.CountOf(kind)) ?? 0)
        .Select(number => row.GetBinary(RunRow.Chunk(kind, number)) ?? throw new InvalidDataException($"Logged model row '{row.RowKey}' lacks chunk {RunRow.Chunk(kind, number)}."))];

    public static ImmutableArray<Tag> Fields(IEnumerable<byte[]> chunks)
    {
        var fields = ImmutableArray.CreateBuilder<Tag>();
        foreach (var chunk in chunks)
        {
            PackedFields.Decode(chunk, fields);
        }
        return fields.ToImmutable();
    }

    public static List<ModelSeries> Series(TableEntity row) => Chunks(row, 's') is { Length: > 0 } chunks
        ? SeriesTable.Decode(chunks)
        : [.. Chunks(row, 'm').SelectMany(static chunk => LatestTable.Decode(chunk)).Select(static one => ModelSeries.Read(one.Key, []).Series)];

    public static ImmutableArray<ModelMetric> Metrics(List<ModelSeries> known, IEnumerable<byte[]> tail)
    {
        var points = new List<KeyedPoint>();
        foreach (var property in tail)
        {
            TailCodec.Decode(property, points);
        }
        if (points.Count == 0)
        {
            return [];
        }
        return
        [
            .. points.OrderBy(static point => point.Ordinal).ThenBy(static point => point.Point).Select(point => (Series: known[point.Ordinal], point.Point))
                .Select(static one => new ModelMetric(new MetricPoint(one.Series.Key, one.Point.Value, one.Point.Timestamp, one.Point.Step), one.Series.Run, one.Series.DatasetName, one.Series.DatasetDigest)),
        ];
    }

    private static IEnumerable<string> ChunkColumns(char kind, int most) => Enumerable.Range(0, most).Select(number => RunRow.Chunk(kind, number)).Prepend(RunRow.CountOf(kind));

    private static void PutText(TableEntity row, string name, string? text)
    {
        if (text is not null)
        {
            row[name] = text;
        }
    }
}
