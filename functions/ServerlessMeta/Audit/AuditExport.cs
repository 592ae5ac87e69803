using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>
/// All that a proof needs, as lines of JSON, to be verified without this store (<see cref="ExportCheck"/>):
/// <code>
/// {"export":1,"at","whole"?:true,"sealed"?:[checkpoint, hash]}                              first: when it was made, whether of all objects, and the newest checkpoint as the store noted it
/// {"checkpoint",...}                                                                        the checkpoints as they are stored, before all chains, so that none is older
/// {"object",...}                                                                            the entries of a chain, as they were hashed, the first first
/// {"chain":{"kind","partition","key","object","n","hash","home"?,"rows":{row: digest}}}     behind the entries: the head of the chain, and the digest of each row of the object
/// {"end":{"chains","entries","checkpoints"}}                                                last: what there must be
/// </code>
/// </summary>
internal sealed class AuditExport(AuditSources sources, AuditSeals seals, TimeProvider time)
{
    /// <summary>Finds the objects; a failure when one is not there.</summary>
    public async Task<Result<IReadOnlyList<(AuditSource Source, AuditedObject Object)>>> LocateAsync(IEnumerable<string> named, CancellationToken ct)
    {
        var found = new List<(AuditSource, AuditedObject)>();
        foreach (var name in named)
        {
            var one = await sources.LocateAsync(name, ct);
            if (!one.IsOk)
            {
                return one.Failure;
            }
            found.Add(one.Value);
        }
        return found;
    }

    /// <param name="to">Where the lines go.</param>
    /// <param name="objects">The objects; none: every one.</param>
    /// <param name="ct">Gives up.</param>
    public async Task WriteAsync(PipeWriter to, IReadOnlyList<(AuditSource Source, AuditedObject Object)> objects, CancellationToken ct)
    {
        var (chains, entries, checkpoints) = (0L, 0L, 0L);
        var (state, _) = await seals.ReadStateAsync(ct);
        Line(to, json =>
        {
            WriteFirst(json, time.GetUtcNow());
            if (objects.Count == 0)
            {
                json.WriteBoolean("whole"u8, true);
            }
            if (state.Checkpoint > 0)
            {
                json.WriteStartArray("sealed"u8);
                json.WriteNumberValue(state.Checkpoint);
                json.WriteStringValue(state.Hash);
                json.WriteEndArray();
            }
        });
        await foreach (var line in seals.LinesAsync(ct))
        {
            Raw(to, line.Span);
            checkpoints++;
            await to.FlushAsync(ct);
        }
        foreach (var (source, one) in objects)
        {
            await WriteChainAsync(source, one.Partition.Partition, one.Key, (await ObjectCheck.ReadAsync(source, one, ct)).State);
        }
        foreach (var source in objects.Count == 0 ? sources.All : [])
        {
            await foreach (var partition in source.Partitions(ct).WithCancellation(ct))
            {
                for (string? from = ""; from is not null;)
                {
                    var part = await PartitionPart.ReadAsync(source, partition, from, ct);
                    foreach (var (key, read) in part.Objects.Where(static one => one.Value is not { IsUnaudited: true, Digests.Count: 0 }))
                    {
                        // What a write lay between of is read again, so that it is whole.
                        var whole = ChainCheck.Check(read, []).Length == 0 ? read : (await ObjectCheck.ReadAsync(source, new AuditedObject(partition, key, read.Home ?? ""), ct)).State;
                        await WriteChainAsync(source, partition.Partition, key, whole);
                    }
                    from = part.Below;
                }
            }
        }
        Line(to, json => WriteEnd(json, chains, entries, checkpoints));
        await to.FlushAsync(ct);

        async Task WriteChainAsync(AuditSource source, string partition, string key, AuditedState of)
        {
            entries += WriteChain(to, source.Kind, partition, key, of);
            chains++;
            await to.FlushAsync(ct);
        }
    }

    /// <summary>
    /// The chain of one object in the same form, without checkpoints and dated by its last entry: the same bytes as long as nothing is added to it. Empty when there is no such
    /// object.
    /// </summary>
    public async Task<byte[]> ExtractAsync(string named, CancellationToken ct)
    {
        if (await sources.LocateAsync(named, ct) is not { IsOk: true, Value: var (source, one) })
        {
            return [];
        }
        var of = (await ObjectCheck.ReadAsync(source, one, ct)).State;
        using var bytes = new MemoryStream();
        var to = PipeWriter.Create(bytes, new StreamPipeWriterOptions(leaveOpen: true));
        Line(to, json => WriteFirst(json, of.Head.At));
        var entries = WriteChain(to, source.Kind, one.Partition.Partition, one.Key, of);
        Line(to, json => WriteEnd(json, 1, entries, 0));
        await to.CompleteAsync();
        return bytes.ToArray();
    }

    private static long WriteChain(PipeWriter to, string kind, string partition, string key, AuditedState of)
    {
        var entries = 0L;
        foreach (var line in of.Commits.OrderBy(static commit => commit.First).SelectMany(static commit => commit.Lines))
        {
            Raw(to, line.Span);
            entries++;
        }
        Line(to, json => WriteHead(json, kind, partition, key, of));
        return entries;
    }

    private static void WriteFirst(Utf8JsonWriter json, DateTimeOffset at)
    {
        json.WriteNumber("export"u8, 1);
        json.WriteString("at"u8, at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
    }

    private static void WriteEnd(Utf8JsonWriter json, long chains, long entries, long checkpoints)
    {
        json.WriteStartObject("end"u8);
        json.WriteNumber("chains"u8, chains);
        json.WriteNumber("entries"u8, entries);
        json.WriteNumber("checkpoints"u8, checkpoints);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, string kind, string partition, string key, AuditedState of)
    {
        json.WriteStartObject("chain"u8);
        json.WriteString("kind"u8, kind);
        json.WriteString("partition"u8, partition);
        json.WriteString("key"u8, key);
        json.WriteString("object"u8, of.Name);
        json.WriteNumber("n"u8, of.Head.Number);
        json.WriteString("hash"u8, Convert.ToHexStringLower(of.Head.Hash));
        if (of.Home is { } home)
        {
            json.WriteString("home"u8, home);
        }
        json.WriteStartObject("rows"u8);
        foreach (var (row, digest) in of.Digests.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            json.WriteString(row, digest);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Raw(PipeWriter to, ReadOnlySpan<byte> line)
    {
        to.Write(line);
        to.Write("\n"u8);
    }

    private static void Line(PipeWriter to, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(to))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        to.Write("\n"u8);
    }
}
