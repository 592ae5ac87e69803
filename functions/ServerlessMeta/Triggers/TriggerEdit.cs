using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>A change of a trigger, prepared on what is stored.</summary>
/// <param name="before">The trigger as it is.</param>
/// <param name="at">When.</param>
/// <param name="by">Who.</param>
internal sealed class TriggerEdit(Trigger before, DateTimeOffset at, string by)
{
    public Trigger Before { get; } = before;

    public DateTimeOffset At => at;

    public string By => by;

    /// <summary>The trigger as it will be; the same: nothing changes.</summary>
    public Trigger After { get; set; } = before;

    /// <summary>What the audit calls it.</summary>
    public string Action { get; set; } = "";

    public (string Name, string? Value)[] Details { get; set; } = [];

    /// <summary>The retraining that is under way, when that changes.</summary>
    public Func<Flight, Flight>? Fly { get; set; }

    /// <summary>More steps of the transaction.</summary>
    public List<Action<GroupTransaction>> Steps { get; } = [];

    /// <summary>The wait's row as it was looked at: the change loses when it was written since. Null: whatever it is.</summary>
    public Azure.Data.Tables.TableEntity? Awaited { get; set; }
}
