using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;

namespace ServerlessMeta.Policies;

/// <summary>That a guarded alias or stage changed hands: who did it, and what was known then. It was written in the same transaction, and never changes.</summary>
public sealed record Decision
{
    /// <summary>The revision of the model that it made.</summary>
    public required long Revision { get; init; }

    public required GateTarget Target { get; init; }

    /// <summary>The versions that lost it.</summary>
    public required ImmutableArray<int> From { get; init; }

    /// <summary>The version that got it; null: it was only lost.</summary>
    public required int? To { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    public required Role Role { get; init; }

    /// <summary>The number of the policy that it was judged by.</summary>
    public required int Policy { get; init; }

    /// <summary>Each condition as it stood, with its evidence.</summary>
    public required ImmutableArray<ConditionResult> Conditions { get; init; }

    /// <summary>Whose approvals counted.</summary>
    public required ImmutableArray<string> ApprovedBy { get; init; }

    /// <summary>The digest of the version's content, if a condition asked for it.</summary>
    public string? Content { get; init; }

    /// <summary>Why an administrator did it although conditions were not met; null: they were.</summary>
    public string? OverrideReason { get; init; }

    /// <summary>Names it among all of its model.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Revision}:{Target}");

    public bool IsOverride => OverrideReason is not null;

    /// <summary>
    /// The decision that proves that a version held a target before, and rightly: one that gave it the target and was no override, or, when none ever gave it, one that took
    /// it away, for then the version held it since before there was a policy.
    /// </summary>
    public static Decision? FindHeld(IReadOnlyCollection<Decision> decisions, GateTarget target, int version) =>
        decisions.FirstOrDefault(one => one.Target == target && one.To == version && !one.IsOverride)
        ?? (decisions.Any(one => one.Target == target && one.To == version) ? null : decisions.FirstOrDefault(one => one.Target == target && one.From.Contains(version)));

    /// <summary>The version that held what nobody holds now: of the last decision that names another than the version that is looked at, else that one; null: no decision names any.</summary>
    /// <param name="decisions">Those on the target, the last first.</param>
    /// <param name="version">The version that is looked at: what it was compared with counts, also when it was let in by an override and lost it again.</param>
    public static int? FindLastHolder(IEnumerable<Decision> decisions, int version)
    {
        var held = decisions.SelectMany(static one => one.From.Reverse().Select(static lost => (int?)lost).Prepend(one.To)).Where(static one => one is not null).ToList();
        return held.Find(one => one != version) ?? held.FirstOrDefault();
    }
}
