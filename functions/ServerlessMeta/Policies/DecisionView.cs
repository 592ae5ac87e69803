using System.Collections.Immutable;
using ServerlessMeta.Access;

namespace ServerlessMeta.Policies;

/// <summary>That a guarded alias or stage changed hands. <c>overridden</c> marks for ever that conditions were not met; <c>reason</c> says why an administrator did it then.</summary>
public sealed record DecisionView
{
    public required string Id { get; init; }

    public required string Target { get; init; }

    public required ImmutableArray<int> From { get; init; }

    public int? To { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    public required string Role { get; init; }

    public required int Policy { get; init; }

    public required ImmutableArray<string> ApprovedBy { get; init; }

    public string? Content { get; init; }

    public required bool Overridden { get; init; }

    public string? Reason { get; init; }

    public required ImmutableArray<ConditionView> Conditions { get; init; }

    internal static DecisionView Of(Decision decision) => new()
    {
        Id = decision.Id,
        Target = decision.Target.ToString(),
        From = decision.From,
        To = decision.To,
        At = decision.At,
        By = decision.By,
        Role = Roles.WordOf(decision.Role),
        Policy = decision.Policy,
        ApprovedBy = decision.ApprovedBy,
        Content = decision.Content,
        Overridden = decision.IsOverride,
        Reason = decision.OverrideReason,
        Conditions = [.. decision.Conditions.Select(ConditionView.From)],
    };
}
