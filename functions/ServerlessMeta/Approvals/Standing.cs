using System.Collections.Immutable;

namespace ServerlessMeta.Approvals;

/// <summary>What stands of all that was said of a version, for one alias or stage: the last word of each person.</summary>
public sealed record Standing(ImmutableArray<Approval> Approvals, ImmutableArray<Approval> Rejections)
{
    /// <summary>Names that differ in case alone are one person: nobody counts twice, and an author is not another.</summary>
    public static StringComparer Persons { get; } = StringComparer.OrdinalIgnoreCase;

    /// <param name="said">Everything that was said, the last first.</param>
    /// <param name="target">For what; null: for any.</param>
    public static Standing Of(IEnumerable<Approval> said, GateTarget? target)
    {
        var last = said.Where(one => one.IsFor(target)).DistinctBy(static one => one.By, Persons).ToList();
        return new([.. last.Where(static one => one.Decision is ApprovalDecision.Approve)], [.. last.Where(static one => one.Decision is ApprovalDecision.Reject)]);
    }
}
