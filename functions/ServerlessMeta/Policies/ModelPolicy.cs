using ServerlessMeta.Approvals;
using ServerlessMeta.Evaluations;

namespace ServerlessMeta.Policies;

/// <summary>What a model is held to. Every state of it is kept by its number.</summary>
public sealed record ModelPolicy
{
    /// <summary>From 1; each change has the next.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    public required PolicyContent Content { get; init; }

    public Gate? Find(GateTarget target) => Content.Gates.FirstOrDefault(gate => gate.Target == target);

    internal MetricDirections Directions => new(Content.HigherIsBetter);
}
