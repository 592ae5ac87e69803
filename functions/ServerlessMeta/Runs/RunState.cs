using System.Collections.Immutable;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Datasets;
using ServerlessMeta.Experiments;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Runs;

/// <summary>
/// The working copy of a run that its writer holds: what is stored, and the changes since. Every change first validates, so that a refused one
/// leaves no trace. Not thread-safe: one commit at a time owns it.
/// </summary>
internal sealed class RunState
{
    /// <summary>Params and tags of a run together, in bytes packed.</summary>
    private const int MaxFieldBytes = 16 * 1024 * 1024;
    private const int MaxFields = 20_000;

    /// <summary>Inputs and outputs of a run together, and those of one call, in bytes packed.</summary>
    private const int MaxInputBytes = 8 * 1024 * 1024;
    private const int MaxCallInputBytes = 2 * 1024 * 1024;

    private readonly Dictionary<string, object> changed = new(StringComparer.Ordinal);
    private readonly List<KeyedPoint> pending = [];

    public RunState(TableEntity row, IReadOnlyDictionary<string, TableEntity> beside, bool isWatched)
    {
        var record = RunRow.ToRecord(row, beside);
        Id = record.Id;
        ETag = row.ETag;
        Write = row.GetString(WriteId.Property);
        Hot = row.GetBoolean("hot") ?? false;
        Sequence = row.GetInt32("seq") ?? 0;
        Info = record.ToInfo(record.Stage);
        Epoch = record.Epoch;
        Revision = record.Revision;
        Params = new PackedTable(record.Params);
        Tags = new PackedTable(record.Tags);
        Inputs = new PackedTable(record.Inputs);
        Latest = new LatestTable(record.Latest);
        Tail = RunRow.TailOf(row);
        SegmentsDigest = row.GetBinary(RunRow.SegmentsDigest) ?? (Sequence == 0 ? PointsDigest.None : null);
        Audit = new RunAudit(this, AuditHead.Of(row));
        Watch = new RunWatcher(RunRow.WatchOf(row), Tail, isWatched, Latest.Count, Latest.KeyOf, Declared);
    }

    public RunState(NewRun wanted, RunId id, Experiment experiment, string? artifactRoot, Caller by, bool isWatched)
    {
        Id = id;
        Write = "";
        Info = new RunInfo
        {
            Id = id,
            Name = wanted.Name,
            UserId = wanted.UserId,
            Status = RunStatus.Running,
            StartedAt = wanted.StartedAt,
            Stage = LifecycleStage.Active,
            ArtifactRoot = artifactRoot,
        };
        Epoch = experiment.Epoch;
        Params = new PackedTable([]);
        Tags = new PackedTable([]);
        Inputs = new PackedTable([]);
        Latest = new LatestTable([]);
        Tail = [];
        foreach (var tag in wanted.Tags)
        {
            Tags.Set(tag);
        }
        SegmentsDigest = PointsDigest.None;
        Watch = new RunWatcher([], [], isWatched, 0, Latest.KeyOf, Declared);
        Audit = new RunAudit(this, AuditHead.None);
        Audit.BeginNew();
        Audit.End(by, "run.create");
    }

    public RunId Id { get; }

    public ETag ETag { get; private set; }

    public string Write { get; private set; }

    public long Revision { get; private set; }

    public bool Hot { get; private set; }

    public int Sequence { get; private set; }

    public RunInfo Info { get; private set; }

    public int Epoch { get; private set; }

    public PackedTable Params { get; }

    public PackedTable Tags { get; }

    public PackedTable Inputs { get; }

    public LatestTable Latest { get; }

    public List<byte[]> Tail { get; private set; }

    /// <summary>The digest of the segments; null when some are from before it was kept.</summary>
    public byte[]? SegmentsDigest { get; private set; }

    public RunAudit Audit { get; }

    public RunWatcher Watch { get; }

    public IReadOnlyList<KeyedPoint> Pending => pending;

    public IReadOnlyDictionary<string, object> Changed => changed;

    public bool IsChanged => pending.Count + changed.Count + Params.Touched.Count + Tags.Touched.Count + Inputs.Touched.Count + Latest.Touched.Count > 0;

    public int Weight => 2048 + (2 * (Params.Bytes + Tags.Bytes + Inputs.Bytes + Latest.Bytes)) + Watch.Weight + Tail.Sum(static property => property.Length);

    public LifecycleStage StageIn(Experiment? experiment) => experiment is not null && Epoch < experiment.Epoch ? experiment.Stage : Info.Stage;

    public Failure? Log(RunLog log)
    {
        var changes = log.Params.Where(param => Params.Find(param.Key) is { } old && old != param.Value)
            .Select(param => new ParamChange(param.Key, Params.Find(param.Key)!, param.Value)).ToList();
        if (changes.Count > 0)
        {
            return new Failure.ParamsChanged(Id.ToString(), changes);
        }
        if (Refuse(log) is { } refused)
        {
            return refused;
        }
        foreach (var point in log.Points)
        {
            var stored = new StoredPoint(point.Timestamp, point.Step, point.Value);
            var ordinal = Latest.Take(point.Key, stored);
            pending.Add(new KeyedPoint(ordinal, stored));
            Watch.See(ordinal, point.Key, stored);
        }
        Watch.Take();
        foreach (var param in log.Params)
        {
            if (Params.Find(param.Key) is null)
            {
                Watch.Expect(param.Key);
                Params.Set(param);
                Audit.Note($"param {param.Key}", param.Value);
                Watch.Declare(param.Key, Latest.OrdinalOf);
            }
        }
        foreach (var tag in log.Tags)
        {
            SetTag(tag);
        }
        if (log.Name is { } name)
        {
            Change(new RunUpdate(null, null, name));
        }
        return null;
    }

    public void Change(RunUpdate update)
    {
        Info = Info with { Status = update.Status ?? Info.Status, EndedAt = update.EndedAt ?? Info.EndedAt, Name = update.Name ?? Info.Name };
        changed["status"] = (int)Info.Status;
        changed["name"] = Info.Name;
        Audit.Note("status", Info.Status.ToString());
        Audit.Note("name", Info.Name);
        if (Info.EndedAt is { } end)
        {
            changed["end"] = end.ToUnixTimeMilliseconds();
        }
    }

    public void Move(LifecycleStage stage, int epoch)
    {
        Info = Info with { Stage = stage };
        Epoch = epoch;
        changed["stage"] = (int)stage;
        changed["epoch"] = epoch;
    }

    public Failure? SetTagTo(string key, Func<string?, Result<string>> next)
    {
        var value = next(Tags.Find(key));
        if (!value.IsOk)
        {
            return value.Failure;
        }
        var tag = new Tag(key, value.Value);
        if (PackedFields.Measure(tag) > PackedTable.HighestBytes)
        {
            return new Failure.Invalid("value", $"A tag takes up to {PackedTable.HighestBytes} bytes.");
        }
        SetTag(tag);
        return null;
    }

    public Failure? RemoveTag(string key)
    {
        Watch.Expect(key);
        if (!Tags.Remove(key))
        {
            return new Failure.NotFound("Tag", key);
        }
        Audit.Note("tag", key);
        Watch.Declare(key, Latest.OrdinalOf);
        return null;
    }

    public Failure? AddInputs(IReadOnlyCollection<Tag> inputs)
    {
        if (inputs.Any(static input => PackedFields.Measure(input) > PackedTable.HighestBytes))
        {
            return new Failure.Invalid("datasets", $"The name, digest and tags of a dataset take up to {PackedTable.HighestBytes} bytes.");
        }
        // What is there already takes no more room.
        var added = inputs.Where(input => Inputs.Find(input.Key) != input.Value).ToList();
        var bytes = added.Sum(PackedFields.Measure);
        if (bytes > MaxCallInputBytes)
        {
            return new Failure.Invalid("datasets", $"A call takes up to {MaxCallInputBytes} bytes of inputs or outputs; send the rest in another.");
        }
        if (Inputs.Bytes + bytes > MaxInputBytes)
        {
            return new Failure.Invalid("datasets", $"A run takes up to {MaxInputBytes} bytes of inputs and outputs.");
        }
        added.ForEach(input =>
        {
            Inputs.Set(input);
            Audit.Note(input.Key, input.Value);
        });
        return null;
    }

    public Failure? Link(EnvironmentLink seen, EnvironmentLink next)
    {
        var now = new EnvironmentLink(Inputs.Find(StoredInput.EnvironmentKey), Inputs.Find(StoredInput.LaunchKey));
        if (now != next && now != seen)
        {
            return new Failure.Conflict("Environment", Id.ToString());
        }
        return Put(StoredInput.EnvironmentKey, next.Environment) ?? Put(StoredInput.LaunchKey, next.Launch);

        Failure? Put(string key, string? digest)
        {
            if (digest is not null)
            {
                return AddInputs([new Tag(key, digest)]);
            }
            if (Inputs.Remove(key))
            {
                Audit.Note(key, "");
            }
            return null;
        }
    }

    public PackedTable TableOf(char kind) => kind switch { 'p' => Params, 'g' => Tags, _ => Inputs };

    /// <summary>Every property of the run's own row but keys, guard and tail.</summary>
    public IEnumerable<KeyValuePair<string, object>> AllInfo()
    {
        yield return new("name", Info.Name);
        yield return new("user", Info.UserId);
        yield return new("status", (int)Info.Status);
        yield return new("start", Info.StartedAt.ToUnixTimeMilliseconds());
        yield return new("stage", (int)Info.Stage);
        yield return new("epoch", Epoch);
        if (Info.EndedAt is { } end)
        {
            yield return new("end", end.ToUnixTimeMilliseconds());
        }
        if (Info.ArtifactRoot is { } root)
        {
            yield return new("root", root);
        }
    }

    /// <summary>The write took effect: what changed is now what is stored.</summary>
    public void Settle(RunWrite write, ETag etag)
    {
        (ETag, Write, Revision, Hot, Tail, Sequence, SegmentsDigest) = (etag, write.Id, write.Revision, true, write.Tail, write.Sequence, write.SegmentsDigest);
        Audit.Settle(write.Head);
        changed.Clear();
        pending.Clear();
        Params.Settle();
        Tags.Settle();
        Inputs.Settle();
        Latest.Settle();
        Watch.Settle(write.StoresWatch);
    }

    private string? Declared(string key) => Tags.Find(key) ?? Params.Find(key);

    private void SetTag(Tag tag)
    {
        if (Tags.Find(tag.Key) != tag.Value)
        {
            Watch.Expect(tag.Key);
            Tags.Set(tag);
            Audit.Note($"tag {tag.Key}", tag.Value);
            Watch.Declare(tag.Key, Latest.OrdinalOf);
        }
    }

    private Failure.Invalid? Refuse(RunLog log)
    {
        if (Latest.Count + log.Points.Length > LatestTable.MaxKeys
            && Latest.Count + log.Points.Select(static point => point.Key).Where(key => !Latest.Has(key)).Distinct(StringComparer.Ordinal).Count() > LatestTable.MaxKeys)
        {
            return new Failure.Invalid("metrics", $"A run takes up to {LatestTable.MaxKeys} metric keys.");
        }
        if ((log.Params.Length > 0 && Params.Count + log.Params.Length > MaxFields) || (log.Tags.Length > 0 && Tags.Count + log.Tags.Length > MaxFields))
        {
            return new Failure.Invalid(log.Params.Length > 0 ? "params" : "tags", $"A run takes up to {MaxFields} params and as many tags.");
        }
        return log.Params.Length + log.Tags.Length > 0 && Params.Bytes + Tags.Bytes + log.Params.Sum(PackedFields.Measure) + log.Tags.Sum(PackedFields.Measure) > MaxFieldBytes
            ? new Failure.Invalid("params", $"A run takes up to {MaxFieldBytes} bytes of params and tags.")
            : null;
    }
}
