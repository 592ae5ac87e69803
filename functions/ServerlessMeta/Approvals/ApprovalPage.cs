using System.Collections.Immutable;

namespace ServerlessMeta.Approvals;

/// <summary>What was said of a version, the last first; <c>overridden</c> is true for ever when an administrator once moved an alias or stage to it against the policy.</summary>
public sealed record ApprovalPage(ImmutableArray<ApprovalView> Approvals, bool Overridden, string? NextPageToken = null);
