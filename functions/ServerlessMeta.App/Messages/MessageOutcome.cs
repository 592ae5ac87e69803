namespace ServerlessMeta.App.Messages;

/// <summary>What becomes of a message.</summary>
public abstract record MessageOutcome
{
    private MessageOutcome()
    {
    }

    /// <summary>It was applied, now or before: the broker may forget it.</summary>
    public sealed record Complete : MessageOutcome;

    /// <summary>It could not be applied now: the broker delivers it again, and makes it a dead letter when it was delivered too often.</summary>
    public sealed record Abandon : MessageOutcome;

    /// <summary>It can never be applied as it is.</summary>
    /// <param name="Reason">Why, in a word.</param>
    /// <param name="Description">Why, in sentences; up to 4,096 bytes of UTF-8.</param>
    public sealed record DeadLetter(string Reason, string Description) : MessageOutcome;
}
