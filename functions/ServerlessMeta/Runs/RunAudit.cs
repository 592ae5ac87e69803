using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;

namespace ServerlessMeta.Runs;

/// <summary>
/// What changes of a run's record, intent by intent: digests before and after each. Points are data and no part of it: an intent that only logs points is not looked at, and costs
/// nothing here. Digests are kept from one write to the next, and only those of rows that changed are made anew.
/// </summary>
internal sealed class RunAudit(RunState state, AuditHead head)
{
    private readonly Dictionary<string, string> digests = new(StringComparer.Ordinal);
    private readonly List<AuditedIntent> intents = [];
    private readonly List<KeyValuePair<string, string>> notes = [];
    private bool isKnown;
    private RunStatus status;

    /// <summary>The end of the run's chain.</summary>
    public AuditHead Head { get; private set; } = head;

    public IReadOnlyList<AuditedIntent> Intents => intents;

    /// <summary>Before an intent that may change the record.</summary>
    public void Begin()
    {
        status = state.Info.Status;
        notes.Clear();
        if (!isKnown)
        {
            Take(wholly: true);
            isKnown = true;
        }
    }

    /// <summary>Before the run is made: nothing is there.</summary>
    public void BeginNew() => (isKnown, status) = (true, RunStatus.Running);

    /// <summary>Says in words what the intent changes.</summary>
    public void Note(string what, string value) => notes.Add(KeyValuePair.Create(what, value));

    /// <summary>After the intent.</summary>
    public void End(Caller by, string action)
    {
        var changes = Take(wholly: digests.Count == 0);
        if (changes.Count > 0)
        {
            intents.Add(new AuditedIntent(by, action, state.Info.Name, [.. changes], [.. notes], IsEnd(state.Info.Status) && !IsEnd(status)));
        }
        notes.Clear();
    }

    /// <summary>The entries are stored.</summary>
    public void Settle(AuditHead next)
    {
        Head = next;
        intents.Clear();
    }

    private static bool IsEnd(RunStatus status) => status is RunStatus.Finished or RunStatus.Failed or RunStatus.Killed;

    // Makes the digests anew of the rows that changed since, and tells which did.
    private List<RowChange> Take(bool wholly)
    {
        var changes = new List<RowChange>();
        var rows = new SortedSet<string>(StringComparer.Ordinal) { RunKeys.Run(state.Id) };
        foreach (var kind in RunRow.RecordKinds)
        {
            var table = state.TableOf(kind);
            foreach (var chunk in wholly ? Enumerable.Range(0, table.ChunkCount) : table.Stale)
            {
                if (RunRow.Place(state.Id, kind, chunk).RowKey is { } beside)
                {
                    rows.Add(beside);
                }
            }
            table.Refresh();
        }
        foreach (var rowKey in rows)
        {
            var after = RowDigest.Of(rowKey == RunKeys.Run(state.Id) ? Home() : Beside(rowKey), static _ => true);
            var before = digests.GetValueOrDefault(rowKey);
            if (before != after)
            {
                digests[rowKey] = after;
                changes.Add(new RowChange(rowKey, before, after));
            }
        }
        return changes;
    }

    // As RunWrite leaves the row, without what is no record.
    private TableEntity Home()
    {
        var row = new TableEntity { ["v"] = RunRow.Schema };
        foreach (var (name, value) in state.AllInfo())
        {
            row[name] = value;
        }
        foreach (var kind in RunRow.RecordKinds)
        {
            var table = state.TableOf(kind);
            if (table.ChunkCount > 0)
            {
                row[RunRow.CountOf(kind)] = table.ChunkCount;
            }
            for (var chunk = 0; chunk < Math.Min(table.ChunkCount, RunRow.Home(kind)); chunk++)
            {
                row[RunRow.Chunk(kind, chunk)] = table.Chunk(chunk);
            }
        }
        return row;
    }

    private TableEntity Beside(string rowKey)
    {
        var row = new TableEntity();
        foreach (var kind in RunRow.RecordKinds)
        {
            var table = state.TableOf(kind);
            for (var chunk = RunRow.Home(kind); chunk < table.ChunkCount; chunk++)
            {
                var (place, property) = RunRow.Place(state.Id, kind, chunk);
                if (place == rowKey)
                {
                    row[property] = table.Chunk(chunk);
                }
            }
        }
        return row;
    }
}
