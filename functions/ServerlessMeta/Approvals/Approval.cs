using ServerlessMeta.Access;

namespace ServerlessMeta.Approvals;

/// <summary>What a person said of a version; it never changes, but a later word of the same person may replace it.</summary>
public sealed record Approval
{
    /// <summary>Names it among all of its model.</summary>
    public required long Id { get; init; }

    public required int Version { get; init; }

    public required ApprovalDecision Decision { get; init; }

    /// <summary>The person, as the caller was known.</summary>
    public required string By { get; init; }

    /// <summary>What the person might do then.</summary>
    public required Role Role { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Comment { get; init; }

    /// <summary>The administrator who withdrew what the person had said; null: the person did.</summary>
    public string? WithdrawnBy { get; init; }

    /// <summary>The alias or stage that it is for; null: any.</summary>
    public GateTarget? For { get; init; }

    /// <summary>The digest of what was approved: it counts as long as the version is that.</summary>
    public required string Content { get; init; }

    /// <summary>Whether the person had registered the version.</summary>
    public required bool ByAuthor { get; init; }

    public bool IsFor(GateTarget? target) => For is null || target is null || For == target;
}
