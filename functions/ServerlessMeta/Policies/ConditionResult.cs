using System.Collections.Immutable;

namespace ServerlessMeta.Policies;

/// <summary>Whether a condition holds of a version, and which records prove it.</summary>
/// <param name="Condition">The condition in words.</param>
/// <param name="State">Whether it holds.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Evidence">The records, as <c>evaluation:{id}</c>, <c>approval:{id}</c>, <c>verification:{id}</c>, <c>decision:{id}</c>, <c>run:{id}</c>, <c>alert:{id}</c>.</param>
public sealed record ConditionResult(string Condition, ConditionState State, string Detail, ImmutableArray<string> Evidence)
{
    public override string ToString() => $"{Condition}: {Detail}";
}
