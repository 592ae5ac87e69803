using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace ServerlessMeta.Audit;

/// <summary>Verifies an export (<see cref="AuditExport"/>) with nothing but the file and, if given, keys that are trusted: hashes, continuity, rows, seals and signatures.</summary>
public static class ExportCheck
{
    private const string Name = "export";

    /// <param name="export">The file.</param>
    /// <param name="trustedKeys">Public keys that checkpoints must be signed by, as PEM or base64 with <c>;</c> between; empty: any key will do, and is named.</param>
    /// <exception cref="InvalidDataException">The file is no export.</exception>
    public static ExportReport Run(TextReader export, string trustedKeys)
    {
        var findings = new List<AuditFinding>();
        var pending = new List<string>();
        var checkpoints = new List<ReadOnlyMemory<byte>>();
        SealedHeads? known = null;
        (long, string)? noted = null;
        string? madeAt = null;
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
                noted = document.RootElement.TryGetProperty("sealed"u8, out var last) ? (last[0].GetInt64(), last[1].GetString()!) : null;
                continue;
            }
            switch (first?.Name)
            {
                case "checkpoint" when known is null && pending.Count == 0:
                    checkpoints.Add(Encoding.UTF8.GetBytes(line));
                    break;
                case "chain":
                    known ??= SealedHeads.Of(checkpoints, SealKeys.ReadPublic(trustedKeys), noted);
                    var (state, seals) = Read(first.Value.Value, pending, known);
                    findings.AddRange(ChainCheck.Check(state, seals));
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
        known ??= SealedHeads.Of(checkpoints, SealKeys.ReadPublic(trustedKeys), noted);
        return new ExportReport(madeAt, chains, unaudited, entries, known.Checkpoints, [.. known.Findings, .. findings]);
    }

    private static (AuditedState State, ImmutableArray<AuditSeal> Seals) Read(JsonElement chain, List<string> lines, SealedHeads known)
    {
        try
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
            return (state, known.Find(chain.GetProperty("kind"u8).GetString()!, chain.GetProperty("partition"u8).GetString()!, chain.GetProperty("key"u8).GetString()!));
        }
        catch (Exception broken) when (broken is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("A line of a chain is not what an export has.", broken);
        }
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
