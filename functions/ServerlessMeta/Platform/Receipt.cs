using Azure.Data.Tables;

namespace ServerlessMeta.Platform;

/// <summary>
/// A message that is being applied in this flow. Whoever commits its truth adds <see cref="In"/> as a step <c>Add</c> to that same transaction; when the step loses (409) the message
/// was applied before: <see cref="Known"/>, and nothing is changed. A transaction is sent also when nothing else changes, for a repetition later might find something to change.
/// The first transaction of an operation carries it (<see cref="Open"/>, <see cref="Carried"/>); what follows from the truth is finished by whoever finishes it after a crash.
/// </summary>
public sealed class Receipt(string source, string id, DateTimeOffset at, ReceiptLane? lane = null)
{
    private static readonly AsyncLocal<Receipt?> Ambient = new();
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool closed;

    /// <summary>The message that this flow applies; null in requests that came otherwise.</summary>
    public static Receipt? Current => Ambient.Value;

    /// <summary>The message that a transaction of this flow has to carry; null when there is none, or its truth is stored and the flow goes on with what follows from it.</summary>
    internal static Receipt? Open => Ambient.Value is { closed: false } one ? one : null;

    /// <summary>The message was applied before.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Completes when the change has its place in the order of its record's changes, so that the next message may follow.</summary>
    public Task Entered => entered.Task;

    /// <summary>The messages among which it has its place; null: it has none.</summary>
    internal ReceiptLane? Lane => lane;

    internal string RowKey { get; } = ReceiptKeys.Of(source, id);

    /// <summary>Applies the message from here on in this flow, until the scope is disposed.</summary>
    public Scope Begin()
    {
        var scope = new Scope(Ambient.Value);
        Ambient.Value = this;
        return scope;
    }

    /// <summary>What this flow does until the scope is disposed is no truth of the message: it looks, and changes nothing.</summary>
    internal static Scope Pause()
    {
        var scope = new Scope(Ambient.Value);
        Ambient.Value = null;
        return scope;
    }

    /// <summary>The row that says that it was applied.</summary>
    internal TableEntity In(string partition) => new(partition, RowKey) { ["at"] = at.ToUnixTimeMilliseconds() };

    /// <summary>Whether it was applied in a partition before.</summary>
    internal async Task<bool> IsInAsync(TableClient table, string partition, CancellationToken ct) =>
        (await table.GetEntityIfExistsAsync<TableEntity>(partition, RowKey, ["RowKey"], ct)).HasValue;

    internal void Known() => (IsKnown, closed) = (true, true);

    /// <summary>Its truth is stored, by this flow.</summary>
    internal void Carried() => closed = true;

    internal void Enter()
    {
        if (entered.TrySetResult())
        {
            lane?.Enter();
        }
    }

    public readonly record struct Scope(Receipt? Before) : IDisposable
    {
        public void Dispose() => Ambient.Value = Before;
    }
}
