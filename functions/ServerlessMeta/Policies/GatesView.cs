using System.Collections.Immutable;

namespace ServerlessMeta.Policies;

/// <summary>The gates before a version; <c>policy</c> is the number of the policy in force, absent when nothing is guarded.</summary>
public sealed record GatesView(string Model, int Version, int? Policy, bool Overridden, ImmutableArray<GateView> Gates);
