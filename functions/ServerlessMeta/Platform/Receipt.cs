using Azure.Data.Tables;

namespace ServerlessMeta.Platform;

/// <summary>
/// A message that is being applied in this flow. Whoever commits its truth adds <see cref="In"/> as a step <c>Add</c> to that same transaction; when the step loses (409) the message
/// was applied before: <see cref="Known"/>, and nothing is changed. A transaction is sent also when nothing else changes, for a repetition later might find something to change.
/// The first transaction of an operation carries it; what follows from the truth is finished by whoever finishes it after a crash.
/// </summary>
public sealed class Receipt(string source, string id, DateTimeOffset at)
{
    private static readonly AsyncLocal<Receipt?> Ambient = new();
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The message that this flow applies; null in requests that came otherwise.</summary>
    public static Receipt? Current => Ambient.Value;

    /// <summary>The message was applied before.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Completes when the change has its place in the order of its record's changes, so that the next message may follow.</summary>
    public Task Entered => entered.Task;

    internal string RowKey { get; } = ReceiptKeys.Of(source, id);

    /// <summary>Applies the message from here on in this flow, until the scope is disposed.</summary>
    public Scope Begin()
    {
        var scope = new Scope(Ambient.Value);
        Ambient.Value = this;
        return scope;
    }

    /// <summary>The row that says that it was applied.</summary>
    internal TableEntity In(string partition) => new(partition, RowKey) { ["at"] = at.ToUnixTimeMilliseconds() };

    internal void Known() => IsKnown = true;

    internal void Enter() => entered.TrySetResult();

    public readonly record struct Scope(Receipt? Before) : IDisposable
    {
        public void Dispose() => Ambient.Value = Before;
    }
}
