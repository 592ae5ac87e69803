namespace ServerlessMeta.Access;

/// <summary>
/// A token as it is answered. <c>status</c> is active, expired or revoked; <c>role</c> reader, writer, approver or admin; <c>token</c>, the text to call by, is there in the answer that makes it
/// and never again.
/// </summary>
public sealed record TokenView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Label { get; init; }

    public required string Role { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }

    public string? Token { get; init; }

    internal static TokenView From(ApiToken token, DateTimeOffset now, string? text = null) => new()
    {
        Id = token.Id,
        Name = token.Name,
        Label = token.Label,
        Role = Roles.WordOf(token.Role),
        Status = token.RevokedAt is not null ? "revoked" : token.ExpiresAt <= now ? "expired" : "active",
        CreatedAt = token.CreatedAt,
        CreatedBy = token.CreatedBy,
        ExpiresAt = token.ExpiresAt,
        RevokedAt = token.RevokedAt,
        RevokedBy = token.RevokedBy,
        Token = text,
    };
}
