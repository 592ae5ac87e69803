using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>
/// A change of a rule's record: the rule itself, and its triggers. The rule's row guards it, for it has the end of the audit chain; the entries are in the same transaction.
/// </summary>
/// <param name="id">The rule's id.</param>
/// <param name="stored">The rule's row; null: it is new.</param>
internal sealed class RuleChange(string id, TableEntity? stored, Caller by, DateTimeOffset now)
{
    private readonly List<RowChange> changes = [];
    private readonly List<KeyValuePair<string, string>> details = [];
    private readonly List<Action<GroupTransaction>> steps = [];
    private readonly AuditHead head = stored is null ? AuditHead.None : AuditHead.Of(stored);
    private TableEntity? home;
    private string action = "";

    /// <summary>Never before the change before it.</summary>
    public DateTimeOffset At => now > head.At ? now : head.At;

    public Caller By => by;

    /// <summary>The rule begins anew, and what it remembers is forgotten.</summary>
    public bool IsAnew { get; private set; }

    /// <summary>The key of the audit's entry: whose write it has, won.</summary>
    public string Witness => AuditKeys.Entry(TriggerKeys.ObjectKey(id), head.Number + 1);

    public RuleChange Note(string what, params ReadOnlySpan<(string Name, string? Value)> said)
    {
        action = what;
        foreach (var (name, value) in said)
        {
            if (value is not null)
            {
                details.Add(new(name, value));
            }
        }
        return this;
    }

    public void Set(Rule rule)
    {
        home = RuleRow.From(rule);
        // One that was off or deleted saw no windows, and one that is will see none.
        IsAnew = stored is null || IsOff(home) || IsOff(stored);
        changes.Add(new RowChange(home.RowKey, stored is null ? null : RowDigest.Of(stored), RowDigest.Of(home)));
    }

    /// <summary>Writes a trigger.</summary>
    /// <param name="before">Its row; null: it fires.</param>
    public void Put(Trigger trigger, TableEntity? before)
    {
        var row = TriggerRow.From(trigger);
        changes.Add(new RowChange(row.RowKey, before is null ? null : RowDigest.Of(before), RowDigest.Of(row)));
        steps.Add(transaction => _ = before is null ? transaction.Add(row) : transaction.Put(row));
    }

    private static bool IsOff(TableEntity rule) => rule.GetBoolean("off") is true;

    public void Also(Action<GroupTransaction> step) => steps.Add(step);

    /// <summary>Adds its steps to a transaction.</summary>
    public GroupTransaction To(GroupTransaction transaction, string write)
    {
        var key = TriggerKeys.ObjectKey(id);
        var trail = new AuditTrail(key, $"rule:{id}", head);
        trail.Record(by, now, action, changes, id, details);
        var row = home ?? new TableEntity(TriggerKeys.Partition, TriggerKeys.Rule(id));
        trail.Head.Write(row);
        row[WriteId.Property] = write;
        _ = stored is null ? transaction.Add(row) : home is null ? transaction.Merge(row, stored.ETag) : transaction.Replace(row, stored.ETag);
        foreach (var step in steps)
        {
            step(transaction);
        }
        foreach (var entry in trail.Rows(TriggerKeys.Partition, write))
        {
            transaction.Add(entry);
        }
        return transaction;
    }
}
