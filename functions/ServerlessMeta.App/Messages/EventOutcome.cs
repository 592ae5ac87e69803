namespace ServerlessMeta.App.Messages;

/// <summary>What became of an event, and why when it was not applied.</summary>
/// <param name="Status">The HTTP status of the operation; 400 when the event names none.</param>
internal sealed record EventOutcome(EventResult Result, int Status, string Code, string Detail)
{
    /// <summary>Whether what comes after it for the same target has to wait for it. A bug of the store's (500) is no outage, and may never pass: it takes nothing with it.</summary>
    public bool HoldsBack => Result is EventResult.Later && Status != 500;

    public static EventOutcome Refused(EventRefusal refusal) => new(EventResult.Refused, 400, refusal.Code, refusal.Detail);

    public static EventOutcome NotStarted { get; } = new(EventResult.Later, 503, "NOT_STARTED", "An earlier event of the same target has to be sent again first.");
}
