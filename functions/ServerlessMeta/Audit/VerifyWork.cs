namespace ServerlessMeta.Audit;

/// <summary>What a call of the verification has done so far.</summary>
internal sealed class VerifyWork
{
    public List<AuditFinding> Findings { get; } = [];

    public long Objects { get; set; }

    public long Unaudited { get; set; }

    public long Entries { get; set; }

    /// <summary>Rows read, or as many as what was done instead costs.</summary>
    public int Spent { get; set; }
}
