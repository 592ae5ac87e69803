namespace ServerlessMeta.App.Messages;

/// <summary>Why an event was not applied: the status, the code and the message that its operation was answered with.</summary>
public sealed record EventProblemView(int Status, string Code, string Detail);
