using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>
/// A run as rows. The run's own row has its info, the tail (<c>t0</c> .. <c>t199</c>) and the first chunks of params (p), tags (g), latest metrics (m) and
/// inputs (d), counted in <c>np ng nm nd</c>; further chunks lie in rows beside it. What the watch of its metrics remembers is in <c>x0</c> .. <c>x3</c>. Each row has the revision of its last write.
/// </summary>
internal static class RunRow
{
    public const int Schema = 1;
    public const int TailProperties = 200;
    public const int TailBytes = 256 * 1024;
    public const string Kinds = "pgmd";

    /// <summary>The kinds of chunks that the audit records; latest metrics follow from the points.</summary>
    public const string RecordKinds = "pgd";

    /// <summary>The digest of all segments, in the order in which they were spilled.</summary>
    public const string SegmentsDigest = "sd";

    /// <summary>A chunk of what the watch of the run's metrics remembers.</summary>
    public static string Watch(int number) => string.Create(CultureInfo.InvariantCulture, $"x{number}");

    public static List<byte[]> WatchOf(TableEntity row)
    {
        var chunks = new List<byte[]>();
        while (row.GetBinary(Watch(chunks.Count)) is { } chunk)
        {
            chunks.Add(chunk);
        }
        return chunks;
    }

    /// <summary>What the entry of a run's end says: the digest of its points, and the revision of the row that has them.</summary>
    public const string PointsDetail = "points";
    public const string RevisionDetail = "revision";

    private static readonly string[] Info = ["PartitionKey", "RowKey", "v", WriteId.Property, "rev", "hot", "name", "user", "status", "start", "end", "stage", "epoch", "root", "seq", "np", "ng", "nm", "nd"];

    /// <summary>Every property but the tail: what a reader of the run's state asks for.</summary>
    public static readonly string[] StateColumns = [.. Info, .. Kinds.SelectMany(static kind => Enumerable.Range(0, Math.Max(Home(kind), PerRow(kind))).Select(number => Chunk(kind, number)))];

    /// <summary>What tells whether a run changed, and when, and whether it has inputs.</summary>
    public static readonly string[] ChangeColumns = ["PartitionKey", "RowKey", "Timestamp", "v", "rev", "hot", "nd"];

    /// <summary>What the audit reads of a run.</summary>
    public static readonly string[] RecordColumns = [.. StateColumns.Where(static column => !IsData(column)), .. AuditHead.Columns];

    /// <summary>What the audit proves of a row: not points and what follows from them, nor counters; null for a row of latest metrics.</summary>
    public static string? DigestOf(TableEntity row) => RunKeys.KindBeside(row.RowKey) is 'm' ? null : RowDigest.Of(row, static property => property is not ("rev" or "hot" or "seq") && !IsData(property));

    private static bool IsData(string property) => property is "nm" or SegmentsDigest || (property.Length > 1 && property[0] is 't' or 'm' or 'x' && char.IsAsciiDigit(property[1]));

    public static string Chunk(char kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");

    public static string CountOf(char kind) => $"n{kind}";

    public static string Tail(int number) => string.Create(CultureInfo.InvariantCulture, $"t{number}");

    /// <summary>How many chunks of a kind the run's own row has room for: together under 512 KiB, so that with the tail it stays under Azure's 1 MiB.</summary>
    public static int Home(char kind) => kind switch { 'p' or 'g' => 4, 'm' => 8, _ => 1 };

    /// <summary>How many chunks of a kind a row beside it takes.</summary>
    public static int PerRow(char kind) => kind is 'm' ? 16 : 12;

    /// <summary>Where a chunk lies: the row (null: the run's own) and the property.</summary>
    public static (string? RowKey, string Property) Place(RunId id, char kind, int chunk)
    {
        var beyond = chunk - Home(kind);
        return beyond < 0 ? (null, Chunk(kind, chunk)) : (RunKeys.Beside(id, kind, beyond / PerRow(kind)), Chunk(kind, beyond % PerRow(kind)));
    }

    public static bool HasInputs(TableEntity row) => CountOf(row, 'd') > 0;

    public static bool HasBeside(TableEntity row)
    {
        foreach (var kind in Kinds)
        {
            if (CountOf(row, kind) > Home(kind))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The chunks of one kind, from the run's own row and the rows beside it.</summary>
    public static byte[][] Chunks(TableEntity row, IReadOnlyDictionary<string, TableEntity> beside, char kind)
    {
        var count = CountOf(row, kind);
        if (count == 0)
        {
            return [];
        }
        var id = RunKeys.RunOf(row.RowKey);
        var chunks = new byte[count][];
        for (var number = 0; number < count; number++)
        {
            var (rowKey, property) = Place(id, kind, number);
            var holder = rowKey is null ? row : beside.GetValueOrDefault(rowKey);
            chunks[number] = holder?.GetBinary(property) ?? throw new InvalidDataException($"Run row '{row.RowKey}' lacks chunk {property} of its state.");
        }
        return chunks;
    }

    public static List<byte[]> TailOf(TableEntity row)
    {
        var tail = new List<byte[]>();
        while (row.GetBinary(Tail(tail.Count)) is { } property)
        {
            tail.Add(property);
        }
        return tail;
    }

    public static RunRecord ToRecord(TableEntity row, IReadOnlyDictionary<string, TableEntity> beside)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Run row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        return new RunRecord
        {
            Id = RunKeys.RunOf(row.RowKey),
            Revision = row.GetInt64("rev")!.Value,
            Name = row.GetString("name"),
            UserId = row.GetString("user"),
            Status = (RunStatus)row.GetInt32("status")!.Value,
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64("start")!.Value),
            EndedAt = row.GetInt64("end") is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
            Stage = (LifecycleStage)row.GetInt32("stage")!.Value,
            Epoch = row.GetInt32("epoch")!.Value,
            ArtifactRoot = row.GetString("root"),
            Params = Chunks(row, beside, 'p'),
            Tags = Chunks(row, beside, 'g'),
            Latest = Chunks(row, beside, 'm'),
            Inputs = Chunks(row, beside, 'd'),
        };
    }

    /// <summary>The newest write among the rows: when a row beside is newer than the run's own, they were read around a write and must be read again.</summary>
    public static bool AreTorn(TableEntity row, IReadOnlyDictionary<string, TableEntity> beside) =>
        beside.Values.Any(other => other.GetInt64("rev") > row.GetInt64("rev"));

    private static int CountOf(TableEntity row, char kind) => row.GetInt32(CountOf(kind)) ?? 0;
}
