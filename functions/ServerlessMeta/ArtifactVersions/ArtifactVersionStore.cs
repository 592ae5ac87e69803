using System.Collections.Immutable;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>
/// Registers contents: a digest that the artifact does not have yet makes the next version, one that it has names that version. The artifact's row guards every
/// change, so numbers have no gaps and a digest has one version, whoever writes at the same time.
/// </summary>
public sealed class ArtifactVersionStore : IDisposable
{
    private const string Kind = "Artifact";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly StorageClients storage;
    private readonly RunReader runs;
    private readonly TimeProvider time;

    // Writers of one artifact in this instance take turns, so that they do not lose to each other.
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(static _ => new SemaphoreSlim(1))];

    internal ArtifactVersionStore(StorageClients storage, RunReader runs, TimeProvider time) => (this.storage, this.runs, this.time) = (storage, runs, time);

    /// <summary>
    /// The version that has the digests, made when there is none; what is new of a known one is added. <see cref="Failure.Clash"/> when the digests name different
    /// versions or contradict what is known.
    /// </summary>
    public async Task<Result<Registered>> RegisterAsync(Registration wanted, CancellationToken ct)
    {
        if (wanted.ProducedBy is { } producer && !await runs.ExistsAsync(producer, ct))
        {
            return new Failure.Invalid("producedBy", $"There is no run '{producer}'.");
        }
        return await RegisterAsync(wanted, wanted.ProducedBy is { } run ? (run, UseDirection.Made, null) : null, Receipt.Open, ct);
    }

    /// <summary>Registers a content together with a run's use of it, in one transaction: what follows from a run's write, which was the truth.</summary>
    internal Task<Result<Registered>> RegisterAsync(Registration wanted, (RunId Run, UseDirection Direction, string? Context)? use, CancellationToken ct) => RegisterAsync(wanted, use, null, ct);

    private async Task<Result<Registered>> RegisterAsync(Registration wanted, (RunId Run, UseDirection Direction, string? Context)? use, Receipt? message, CancellationToken ct)
    {
        var turn = turns[(uint)wanted.Name.GetHashCode(StringComparison.Ordinal) % turns.Length];
        if (!await turn.WaitAsync(Patience, ct))
        {
            return new Failure.Busy(Kind, wanted.Name, TimeSpan.FromSeconds(2));
        }
        message?.Enter();
        try
        {
            return await RegisterInTurnAsync(wanted, use, message, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Notes that a run made or used a version that exists: one operation, and the same again when repeated.</summary>
    internal Task NoteAsync(VersionUse use, CancellationToken ct) => Noting(Transaction(use.Name), use).CommitAsync(ct);

    public void Dispose()
    {
        foreach (var turn in turns)
        {
            turn.Dispose();
        }
    }

    private async Task<Result<Registered>> RegisterInTurnAsync(Registration wanted, (RunId Run, UseDirection Direction, string? Context)? use, Receipt? message, CancellationToken ct)
    {
        var write = WriteId.New();
        var started = time.GetTimestamp();
        while (true)
        {
            var row = await FindRowAsync(wanted.Name, ArtifactVersionKeys.Artifact(wanted.Name), ct);
            var found = await MatchAsync(wanted, row, ct);
            var plan = found.IsOk ? Plan(wanted, row, found.Value, write) : found.Failure;
            if (!plan.IsOk)
            {
                await AskAsync(message, wanted.Name, ct);
                return plan.Failure;
            }
            var (transaction, registered) = plan.Value;
            if (use is { } by && (by.Direction is UseDirection.Used || found.Value is null || ArtifactVersionRow.To(found.Value).ProducedBy != by.Run))
            {
                Noting(transaction, new VersionUse(wanted.Name, registered.Version.Number, by.Run, by.Direction, by.Context));
            }
            if (message is { IsKnown: true })
            {
                return registered;
            }
            if (message is not null)
            {
                transaction.Add(message.In(ArtifactVersionKeys.Partition(wanted.Name)));
            }
            try
            {
                if (transaction.Count > 0)
                {
                    await transaction.CommitAsync(ct);
                }
                message?.Carried();
                return registered;
            }
            catch (RequestFailedException lost) when (lost.Status is 409 or 412)
            {
                if (time.GetElapsedTime(started) > Patience)
                {
                    return new Failure.Busy(Kind, wanted.Name, TimeSpan.FromSeconds(2));
                }
                if (await AskAsync(message, wanted.Name, ct))
                {
                    // Read again, and answer what was registered then.
                    continue;
                }
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(2, 60)), time, ct);
            }
        }
    }

    // Whether the message was applied before.
    private async Task<bool> AskAsync(Receipt? message, string name, CancellationToken ct)
    {
        if (message is not { IsKnown: false } || !await message.IsInAsync(storage.ArtifactVersions, ArtifactVersionKeys.Partition(name), ct))
        {
            return false;
        }
        message.Known();
        return true;
    }

    // The row of the one version that the digests name; null when they are new.
    private async Task<Result<TableEntity?>> MatchAsync(Registration wanted, TableEntity? artifact, CancellationToken ct)
    {
        if (artifact is null)
        {
            return (TableEntity?)null;
        }
        if (ArtifactRow.To(artifact).Type is var type && type != wanted.Type && !wanted.IsNote)
        {
            return new Failure.Clash(Kind, wanted.Name, $"Artifact '{wanted.Name}' is of type {ArtifactTypes.WordOf(type)}, not {ArtifactTypes.WordOf(wanted.Type)}.");
        }
        var digests = wanted.Digests.Known;
        var seen = ArtifactRow.SeenIn(artifact);
        var numbers = new Dictionary<KnownDigest, long>();
        foreach (var digest in digests)
        {
            if ((seen.Find(digest) ?? (seen.IsWhole ? null : await FindClaimAsync(wanted.Name, digest, ct))) is { } number)
            {
                numbers[digest] = number;
            }
        }
        for (var sure = false; numbers.Count > 0; sure = true)
        {
            if (numbers.Values.Distinct().Count() == 1)
            {
                var row = await FindRowAsync(wanted.Name, ArtifactVersionKeys.Version(wanted.Name, numbers.First().Value), ct);
                if (sure || numbers.Keys.All(digest => row is not null && DigestColumns.Read(row)[digest.Kind] == digest.Value))
                {
                    return row;
                }
            }
            else if (sure)
            {
                return new Failure.Clash(Kind, wanted.Name, $"{string.Join(", ", numbers.Select(static pair => $"{pair.Key.Word} names version {pair.Value}"))}: one content has one version.");
            }
            // The marks are 64 bits, so what they say of several versions, or what a row does not confirm, is asked of the claims.
            numbers.Clear();
            foreach (var digest in digests)
            {
                if (await FindClaimAsync(wanted.Name, digest, ct) is { } number)
                {
                    numbers[digest] = number;
                }
            }
        }
        return (TableEntity?)null;
    }

    private Result<(GroupTransaction Transaction, Registered Registered)> Plan(Registration wanted, TableEntity? artifact, TableEntity? known, string write)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var transaction = Transaction(wanted.Name);
        var old = artifact is null ? null : ArtifactRow.To(artifact);
        var seen = artifact is null ? SeenDigests.None : ArtifactRow.SeenIn(artifact);
        if (known is null)
        {
            var made = ArtifactVersion.First(wanted, old?.Type ?? wanted.Type, (old?.Latest ?? 0) + 1, now);
            var row = ArtifactVersionRow.From(made, write);
            Guard(transaction, artifact, ArtifactRow.From(BriefOf(made, old?.CreatedAt ?? now), seen.With(made.Digests.Known, made.Number)), row, null, made, "artifact.version", write);
            transaction.Add(row);
            Claim(transaction, made, made.Digests.Known);
            return (transaction, new Registered(made, true));
        }
        var before = ArtifactVersionRow.To(known);
        if (before.Digests.Contradicts(wanted.Digests) is { } kind)
        {
            return new Failure.Clash(Kind, wanted.Name,
                $"Version {before.Number} has this content, but its {KnownDigest.WordOf(kind)} is {before.Digests[kind]}, not {wanted.Digests[kind]}.");
        }
        var after = before.With(Fitting(before, wanted), now);
        if (Refuse(after) is { } refused)
        {
            return refused;
        }
        if (after != before)
        {
            ImmutableArray<KnownDigest> added = [.. after.Digests.Known.Except(before.Digests.Known)];
            var brief = old!.Latest == after.Number ? BriefOf(after, old.CreatedAt) : old;
            var row = ArtifactVersionRow.From(after, known.GetString(WriteId.Property));
            Guard(transaction, artifact, ArtifactRow.From(brief, seen.With(added, after.Number)), row, known, after, "artifact.note", write);
            transaction.Put(row);
            Claim(transaction, after, added);
        }
        // After a lost answer its maker meets its own version.
        return (transaction, new Registered(after, known.GetString(WriteId.Property) == write));
    }

    private static Registration Fitting(ArtifactVersion before, Registration more) =>
        more is { IsNote: true, Location: { } location } && ArtifactVersionRow.Measure([.. before.Locations, location]) > ArtifactVersion.LocationBytes ? more with { Location = null } : more;

    private static Failure.Invalid? Refuse(ArtifactVersion version)
    {
        if (ArtifactVersionRow.Measure(version.Locations) > ArtifactVersion.LocationBytes)
        {
            return new Failure.Invalid("uri", $"Version {version.Number} has as many locations as a version takes: {ArtifactVersion.LocationBytes} bytes.");
        }
        return version.Metadata.Sum(PackedFields.Measure) > ArtifactVersion.MetadataBytes
            ? new Failure.Invalid("metadata", $"Version {version.Number} has as much metadata as a version takes: {ArtifactVersion.MetadataBytes} bytes.")
            : null;
    }

    private static Artifact BriefOf(ArtifactVersion latest, DateTimeOffset createdAt) => new()
    {
        Name = latest.Name,
        Type = latest.Type,
        Latest = latest.Number,
        Digests = latest.Digests,
        Size = latest.Size,
        Location = latest.Locations.FirstOrDefault(),
        CreatedAt = createdAt,
        LatestAt = latest.CreatedAt,
    };

    // The artifact's row, which guards the change, and the entry of what became of it and of the version.
    private static void Guard(GroupTransaction transaction, TableEntity? artifact, TableEntity next, TableEntity row, TableEntity? before, ArtifactVersion version, string action, string write)
    {
        var trail = new AuditTrail(ArtifactVersionKeys.NameOf(version.Name), $"artifact:{version.Name}", artifact is null ? AuditHead.None : AuditHead.Of(artifact));
        RowChange[] changes =
        [
            new(next.RowKey, artifact is null ? null : ArtifactRow.DigestOf(artifact), ArtifactRow.DigestOf(next)),
            new(row.RowKey, before is null ? null : RowDigest.Of(before), RowDigest.Of(row)),
        ];
        trail.Record(Caller.Current, version.UpdatedAt, action, changes, version.Name, Details(version));
        trail.Head.Write(next);
        _ = artifact is null ? transaction.Add(next) : transaction.Replace(next, artifact.ETag);
        foreach (var entry in trail.Rows(next.PartitionKey, write))
        {
            transaction.Add(entry);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Details(ArtifactVersion version) =>
        version.Digests.Known.Select(static digest => KeyValuePair.Create(digest.Word, digest.Value))
            .Prepend(KeyValuePair.Create("version", version.Number.ToString(CultureInfo.InvariantCulture)))
            .Concat(version.ProducedBy is { } run ? [KeyValuePair.Create("run", run.ToString())] : []);

    private static void Claim(GroupTransaction transaction, ArtifactVersion version, IEnumerable<KnownDigest> digests)
    {
        foreach (var digest in digests)
        {
            transaction.Add(new TableEntity(ArtifactVersionKeys.Partition(version.Name), ArtifactVersionKeys.Claim(version.Name, digest)) { ["number"] = version.Number });
        }
    }

    private static GroupTransaction Noting(GroupTransaction transaction, VersionUse use) =>
        VersionUseRow.From(use).Aggregate(transaction, static (noting, row) => noting.Put(row));

    private GroupTransaction Transaction(string name) => new(storage.ArtifactVersions, ArtifactVersionKeys.Partition(name));

    private async Task<long?> FindClaimAsync(string name, KnownDigest digest, CancellationToken ct) =>
        (await FindRowAsync(name, ArtifactVersionKeys.Claim(name, digest), ct))?.GetInt64("number");

    private async Task<TableEntity?> FindRowAsync(string name, string rowKey, CancellationToken ct) =>
        await storage.ArtifactVersions.GetEntityIfExistsAsync<TableEntity>(ArtifactVersionKeys.Partition(name), rowKey, cancellationToken: ct) is { HasValue: true } found ? found.Value : null;
}
