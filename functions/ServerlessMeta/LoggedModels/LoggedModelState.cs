using System.Collections.Immutable;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.LoggedModels;

/// <summary>The working copy of a logged model for one write: what was read, and the changes since. A change that is refused leaves a copy to throw away.</summary>
internal sealed class LoggedModelState
{
    private const string Kind = "LoggedModel";

    private readonly Dictionary<string, object> changed = new(StringComparer.Ordinal);
    private readonly PackedTable parameters;
    private readonly PackedTable tags;
    private readonly SeriesTable series;
    private readonly List<byte[]> tail;
    private readonly HashSet<KeyedPoint> points = [];
    private readonly List<KeyedPoint> pending = [];
    private readonly TableEntity? stored;
    private readonly List<KeyValuePair<string, string>> notes = [];
    private bool isThinned;
    private LoggedModel info;

    public LoggedModelState(TableEntity row)
    {
        info = LoggedModelRow.Info(row);
        stored = row;
        parameters = new PackedTable(LoggedModelRow.Chunks(row, 'p'));
        tags = new PackedTable(LoggedModelRow.Chunks(row, 'g'));
        series = new SeriesTable(LoggedModelRow.Series(row), LoggedModelRow.Chunks(row, 's'));
        tail = RunRow.TailOf(row);
        points = [.. PointsOf(tail)];
    }

    public LoggedModelState(LoggedModel made)
    {
        info = made;
        parameters = new PackedTable([]);
        tags = new PackedTable([]);
        series = new SeriesTable([], []);
        tail = [];
    }

    public LoggedModelId Id => info.Id;

    /// <summary>The guard of what was read.</summary>
    public ETag ETag => stored?.ETag ?? default;

    public bool IsDeleted => info.Stage is LifecycleStage.Deleted;

    /// <summary>Whether more changed than points: that is what the audit records.</summary>
    public bool IsAudited => stored is null || changed.Count + parameters.Touched.Count + tags.Touched.Count > 0;

    public bool IsChanged => stored is null || changed.Count + pending.Count + parameters.Touched.Count + tags.Touched.Count > 0;

    // Params, tags and points come from the packed chunks, so that a write answers what it stored.
    public LoggedModel ToModel() => info with
    {
        Params = LoggedModelRow.Fields(ChunksOf(parameters)),
        Tags = LoggedModelRow.Fields(ChunksOf(tags)),
        Metrics = LoggedModelRow.Metrics(SeriesTable.Decode(Enumerable.Range(0, series.ChunkCount).Select(series.Chunk)), isThinned ? TailCodec.Encode(points.OrderBy(static point => point.Point)) : tail.Concat(TailCodec.Encode(pending))),
    };

    public Failure? SetStatus(LoggedModelStatus status, DateTimeOffset at)
    {
        // Said again, it changes nothing: not even the time.
        if (info.Status != status)
        {
            info = info with { Status = status, UpdatedAt = at };
            changed["status"] = (int)status;
            Note("status", status.ToString());
            changed["updated"] = at.ToUnixTimeMilliseconds();
        }
        return null;
    }

    public Failure? Delete(DateTimeOffset at)
    {
        if (!IsDeleted)
        {
            info = info with { Stage = LifecycleStage.Deleted, UpdatedAt = at };
            changed["stage"] = (int)LifecycleStage.Deleted;
            changed["updated"] = at.ToUnixTimeMilliseconds();
        }
        return null;
    }

    public Failure? SetTags(ImmutableArray<Tag> wanted)
    {
        foreach (var tag in wanted)
        {
            if (tags.Find(tag.Key) != tag.Value)
            {
                tags.Set(tag);
                Note($"tag {tag.Key}", tag.Value);
            }
        }
        return RefuseFields("tags");
    }

    public Failure? RemoveTag(string key)
    {
        if (!tags.Remove(key))
        {
            return new Failure.NotFound("Tag", key);
        }
        Note("tag", key);
        return null;
    }

    /// <summary>Params are write-once: the same value again changes nothing.</summary>
    public Failure? AddParams(ImmutableArray<Tag> wanted)
    {
        var changes = wanted.Where(param => parameters.Find(param.Key) is { } old && old != param.Value)
            .Select(param => new ParamChange(param.Key, parameters.Find(param.Key)!, param.Value)).ToList();
        if (changes.Count > 0)
        {
            return new Failure.ParamsChanged(Id.ToString(), changes);
        }
        foreach (var param in wanted)
        {
            if (parameters.Find(param.Key) is null)
            {
                parameters.Set(param);
                Note($"param {param.Key}", param.Value);
            }
        }
        return RefuseFields("params");
    }

    /// <summary>A training must not fail for its model's sake: the run keeps every point, and what the model has no room for is left out of it.</summary>
    public Failure? AddMetrics(IEnumerable<ModelMetric> metrics)
    {
        foreach (var metric in metrics)
        {
            if (series.Take(ModelSeries.Of(metric)) is not { } ordinal)
            {
                continue;
            }
            var point = new KeyedPoint(ordinal, new StoredPoint(metric.Point.Timestamp, metric.Point.Step, metric.Point.Value));
            if (points.Add(point))
            {
                pending.Add(point);
            }
        }
        if (points.Count > LoggedModelRow.Points)
        {
            Thin();
        }
        return null;
    }

    // Each series at half the density, its newest point always.
    private void Thin()
    {
        var kept = points.GroupBy(static point => point.Ordinal).SelectMany(static all => all.OrderByDescending(static point => point.Point).Where(static (_, i) => i % 2 == 0)).ToList();
        points.Clear();
        points.UnionWith(kept);
        isThinned = true;
    }

    public Failure NotFound() => new Failure.NotFound(Kind, Id.ToString());

    /// <summary>The row to send: what changed, to be merged; or the whole row, to replace what is there, when its chunks are packed anew. The audit's rows go with it.</summary>
    public (TableEntity Row, bool Whole, ImmutableArray<TableEntity> Entries) Plan(string write, Caller by, DateTimeOffset at, string action)
    {
        var (row, whole) = Plan(write);
        if (!IsAudited)
        {
            if (whole && stored is not null)
            {
                AuditHead.Of(stored).Write(row);
            }
            return (row, whole, []);
        }
        var trail = new AuditTrail(Id.ToString(), $"logged-model:{Id}", stored is null ? AuditHead.None : AuditHead.Of(stored));
        trail.Record(by, at, action, [new RowChange(row.RowKey, stored is null ? null : LoggedModelRow.DigestOf(stored), LoggedModelRow.DigestOf(info, ChunksOf(parameters), ChunksOf(tags)))], info.Name, notes);
        trail.Head.Write(row);
        return (row, whole, [.. trail.Rows(row.PartitionKey, write)]);
    }

    private (TableEntity Row, bool Whole) Plan(string write)
    {
        var row = new TableEntity(LoggedModelKeys.Partition(Id), LoggedModelKeys.Model(Id)) { [WriteId.Property] = write };
        var added = TailCodec.Encode(pending);
        if (stored is null || isThinned || tail.Count + added.Count > LoggedModelRow.TailProperties || parameters.ChunkCount > LoggedModelRow.FieldChunks || tags.ChunkCount > LoggedModelRow.FieldChunks)
        {
            LoggedModelRow.PutInfo(info, row);
            PutFields(row, 'p', Repack(parameters));
            PutFields(row, 'g', Repack(tags));
            Put(row, 's', series.ChunkCount, Enumerable.Range(0, series.ChunkCount), series.Chunk);
            PutTail(row, TailCodec.Encode(points.OrderBy(static point => point.Point)), 0);
            return (row, true);
        }
        foreach (var (name, value) in changed)
        {
            row[name] = value;
        }
        Put(row, 'p', parameters.ChunkCount, parameters.Touched, parameters.Chunk);
        Put(row, 'g', tags.ChunkCount, tags.Touched, tags.Chunk);
        Put(row, 's', series.ChunkCount, series.Touched, series.Chunk);
        PutTail(row, added, tail.Count);
        return (row, false);
    }

    private void Note(string what, string value) => notes.Add(KeyValuePair.Create(what, value));

    private Failure.Invalid? RefuseFields(string field) => parameters.Bytes + tags.Bytes <= LoggedModelRow.FieldBytes
        ? null
        : new Failure.Invalid(field, string.Create(CultureInfo.InvariantCulture, $"A logged model takes up to {LoggedModelRow.FieldBytes} bytes of params and tags."));

    private static IEnumerable<byte[]> ChunksOf(PackedTable table) => Enumerable.Range(0, table.ChunkCount).Select(table.Chunk);

    private static PackedTable Repack(PackedTable table)
    {
        var packed = new PackedTable([]);
        foreach (var field in LoggedModelRow.Fields(ChunksOf(table)))
        {
            packed.Set(field);
        }
        return packed;
    }

    private static void PutFields(TableEntity row, char kind, PackedTable packed) => Put(row, kind, packed.ChunkCount, packed.Touched, packed.Chunk);

    private static void Put(TableEntity row, char kind, int count, IEnumerable<int> numbers, Func<int, byte[]> chunk)
    {
        foreach (var number in numbers)
        {
            row[RunRow.CountOf(kind)] = count;
            row[RunRow.Chunk(kind, number)] = chunk(number);
        }
    }

    private static void PutTail(TableEntity row, List<byte[]> properties, int from)
    {
        for (var i = 0; i < properties.Count; i++)
        {
            row[RunRow.Tail(from + i)] = properties[i];
        }
    }

    private static List<KeyedPoint> PointsOf(List<byte[]> tail)
    {
        var decoded = new List<KeyedPoint>();
        foreach (var property in tail)
        {
            TailCodec.Decode(property, decoded);
        }
        return decoded;
    }
}
