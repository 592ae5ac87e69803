using System.Collections.Immutable;
using ServerlessMeta.Policies;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Models;

public sealed record PolicyModel
{
    /// <summary>Null: nothing is guarded, or was then.</summary>
    public ModelPolicy? InForce { get; init; }

    /// <summary>Its parts as JSON, to be changed: metrics' directions, aliases, stages.</summary>
    public required ImmutableArray<(string Name, string Label, string Text)> Parts { get; init; }

    /// <summary>The last first.</summary>
    public required ImmutableArray<Decision> Decisions { get; init; }

    public string? Next { get; init; }

    /// <summary>How a model gets a policy.</summary>
    public required IReadOnlyList<Snippet> FirstSteps { get; init; }
}
