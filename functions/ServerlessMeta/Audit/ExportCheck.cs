using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace ServerlessMeta.Audit;

/// <summary>Verifies an export (<see cref="AuditExport"/>) with nothing but the file and, if given, keys that are trusted: hashes, continuity, rows, seals and signatures.</summary>
public static class ExportCheck
{
    private const string Name = "export";

    /// <param name="export">The file.</param>
    /// <param name="trustedKeys">Public keys that checkpoints must be signed by, as PEM or base64 with <c>;</c> between; null: any key will do, and is named.</param>
    /// <exception cref="InvalidDataException">The file is no export, or the text of keys has none.</exception>
    public static ExportReport Run(TextReader export, string? trustedKeys)
    {
        var trusted = SealKeys.ReadPublic(trustedKeys ?? "");
        if (trustedKeys is not null && trusted.IsEmpty)
        {
            throw new InvalidDataException("There is no key among the trusted keys.");
        }
        try
        {
            return Run(export, trusted);
        }
        catch (Exception broken) when (broken is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("The file has a line that no export has.", broken);
        }
    }

    private static ExportReport Run(TextReader export, ImmutableDictionary<string, byte[]> trusted)
    {
        var findings = new List<AuditFinding>();
        var pending = new List<string>();
        var checkpoints = new List<ReadOnlyMemory<byte>>();
        SealedHeads? known = null;
        (long, string)? noted = null;
        string? madeAt = null;
        var isOfAll = false;
        var named = new HashSet<string>(StringComparer.Ordinal);
        var (chains, unaudited, entries, isFirst, isWhole) = (0L, 0L, 0L, true, false);
        while (export.ReadLine() is { } line)
        {
            using var document = TryParse(line);
            var first = document is { RootElement.ValueKind: JsonValueKind.Object } && document.RootElement.EnumerateObject() is var members && members.MoveNext() ? members.Current : default(JsonProperty?);
            if (isFirst)
            {
                if (first is not { Name: Name } || !document!.RootElement.TryGetProperty("at"u8, out var at))
                {
                    throw new InvalidDataException("The file is no export of an audit.");
                }
                (isFirst, madeAt) = (false, at.GetString());
                isOfAll = document.RootElement.TryGetProperty("whole"u8, out var whole) && whole.ValueKind is JsonValueKind.True;
                noted = document.RootElement.TryGetProperty("sealed"u8, out var last) ? (last[0].GetInt64(), last[1].GetString()!) : null;
                continue;
            }
            switch (first?.Name)
            {
                case "checkpoint" when known is null && pending.Count == 0:
                    checkpoints.Add(Encoding.UTF8.GetBytes(line));
                    break;
                case "chain":
                    known ??= SealedHeads.Of(checkpoints, trusted, noted);
                    var (state, name) = Read(first.Value.Value, pending);
                    named.Add(name);
                    findings.AddRange(ChainCheck.Check(state, known.Find(name)));
                    (chains, unaudited) = (chains + 1, unaudited + (state.IsUnaudited ? 1 : 0));
                    pending.Clear();
                    break;
                case "end":
                    isWhole = true;
                    Count(first.Value.Value, "chains", chains, findings);
                    Count(first.Value.Value, "entries", entries, findings);
                    Count(first.Value.Value, "checkpoints", checkpoints.Count, findings);
                    break;
                default:
                    pending.Add(line);
                    entries++;
                    break;
            }
        }
        if (isFirst)
        {
            throw new InvalidDataException("The file is empty.");
        }
        if (!isWhole || pending.Count > 0)
        {
            findings.Add(new AuditFinding(Name, AuditFault.TailCut, "The file ends before the export did."));
        }
        known ??= SealedHeads.Of(checkpoints, trusted, noted);
        if (!trusted.IsEmpty && checkpoints.Count == 0)
        {
            findings.Add(new AuditFinding(Name, AuditFault.NotSealed, "Keys are trusted, but the export has no checkpoints: nothing in it is sealed."));
        }
        foreach (var (name, seals) in known.All.Where(one => isOfAll && !named.Contains(one.Key)).OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            findings.Add(new AuditFinding(name, AuditFault.ShorterThanSealed, $"Checkpoint {seals[^1].Checkpoint} sealed {seals[^1].Number} entries, but the export has not the chain.", seals[^1].Number));
        }
        return new ExportReport(madeAt, isOfAll, chains, unaudited, entries, known.Checkpoints, [.. known.Findings, .. findings]);
    }

    private static (AuditedState State, string Name) Read(JsonElement chain, List<string> lines)
    {
        var commits = ImmutableArray.CreateBuilder<AuditCommit>();
        long number = 0;
        foreach (var line in lines)
        {
            var one = new AuditCommit(0, Encoding.UTF8.GetBytes(line));
            number = one.Entries is [{ } entry] ? entry.Number : number + 1;
            commits.Add(new AuditCommit(number, one.Bytes));
        }
        var head = new AuditHead(chain.GetProperty("n"u8).GetInt64(), Convert.FromHexString(chain.GetProperty("hash"u8).GetString()!), DateTimeOffset.UnixEpoch);
        var state = new AuditedState(
            chain.GetProperty("object"u8).GetString()!, head, chain.TryGetProperty("home"u8, out var home) ? home.GetString() : null,
            chain.GetProperty("rows"u8).EnumerateObject().ToImmutableDictionary(static row => row.Name, static row => row.Value.GetString()!, StringComparer.Ordinal), commits.ToImmutable());
        return (state, Checkpoint.NameOf(chain.GetProperty("kind"u8).GetString()!, chain.GetProperty("partition"u8).GetString()!, chain.GetProperty("key"u8).GetString()!));
    }

    private static void Count(JsonElement end, string what, long found, List<AuditFinding> findings)
    {
        if (!end.TryGetProperty(what, out var said) || !said.TryGetInt64(out var number) || number != found)
        {
            findings.Add(new AuditFinding(Name, AuditFault.EntryRemoved, $"The export was made with {(end.TryGetProperty(what, out said) ? said.ToString() : "?")} {what}, but has {found}."));
        }
    }

    private static JsonDocument? TryParse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
