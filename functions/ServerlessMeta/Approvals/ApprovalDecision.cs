namespace ServerlessMeta.Approvals;

/// <summary>What a person says of a version. The last word of each person counts.</summary>
public enum ApprovalDecision
{
    Approve,

    /// <summary>Blocks every gate it is for until it is withdrawn, or the person approves.</summary>
    Reject,

    /// <summary>Takes back what the person said last.</summary>
    Withdraw,
}
