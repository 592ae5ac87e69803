using ServerlessMeta.Access;

namespace ServerlessMeta.Approvals;

/// <summary>
/// What a person said of a version. <c>content</c> is the digest of what was looked at.
/// </summary>
public sealed record ApprovalView
{
    public required long Id { get; init; }

    public required int Version { get; init; }

    public required string Decision { get; init; }

    public required string By { get; init; }

    public required string Role { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Comment { get; init; }

    public string? WithdrawnBy { get; init; }

    public string? For { get; init; }

    public required string Content { get; init; }

    public required bool ByAuthor { get; init; }

    internal static ApprovalView From(Approval approval) => new()
    {
        Id = approval.Id,
        Version = approval.Version,
        Decision = WordOf(approval.Decision),
        By = approval.By,
        Role = Roles.WordOf(approval.Role),
        At = approval.At,
        Comment = approval.Comment,
        WithdrawnBy = approval.WithdrawnBy,
        For = approval.For?.ToString(),
        Content = approval.Content,
        ByAuthor = approval.ByAuthor,
    };

    internal static string WordOf(ApprovalDecision decision) => decision switch { ApprovalDecision.Approve => "approve", ApprovalDecision.Reject => "reject", _ => "withdraw" };
}
