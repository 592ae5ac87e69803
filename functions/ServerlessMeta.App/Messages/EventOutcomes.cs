using System.Collections.Immutable;

namespace ServerlessMeta.App.Messages;

/// <summary>An outcome for each event that was sent, in their order.</summary>
public sealed record EventOutcomes(ImmutableArray<EventOutcomeView> Events);
