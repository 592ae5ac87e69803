namespace ServerlessMeta.Approvals;

/// <summary>What a caller says of a version.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Comment">Why.</param>
/// <param name="For">The alias or stage that it is for; null: any.</param>
/// <param name="Of">Whose word an administrator withdraws; null: the caller's own.</param>
public sealed record NewApproval(ApprovalDecision Decision, string? Comment, GateTarget? For, string? Of = null);
