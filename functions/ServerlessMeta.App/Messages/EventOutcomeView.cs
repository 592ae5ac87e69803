namespace ServerlessMeta.App.Messages;

/// <summary>What became of an event: <c>outcome</c> is applied, known (it was applied before), refused, or later (it has to be sent again); the last two have a problem.</summary>
public sealed record EventOutcomeView(string? Source, string? Id, string? Type, string Outcome, EventProblemView? Problem);
