namespace ServerlessMeta.Approvals;

/// <summary>The body of an approval: <c>decision</c> is approve, reject or withdraw; <c>for</c> is <c>alias:production</c> or <c>stage:Production</c>, absent for any; <c>by</c>, with withdraw and a comment, is whose word an administrator takes back. Read by <see cref="ApprovalBody"/>.</summary>
public sealed record RecordApproval(string Decision, string? Comment = null, string? For = null, string? By = null);
