using System.Collections.Immutable;

namespace ServerlessMeta.Access;

/// <summary>
/// A token by which a person or a job calls. Its name is the identity: several tokens of one name (a laptop's, a pipeline's) are one caller, in the audit and where different people
/// must approve.
/// </summary>
public sealed record ApiToken
{
    /// <summary>24 hex digits; newer tokens have lower ones.</summary>
    public required string Id { get; init; }

    /// <summary>Who calls by it, see <see cref="CallerName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, to tell tokens of one name apart.</summary>
    public string? Label { get; init; }

    public required Role Role { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }

    /// <summary>SHA-256 of the token; the token itself is kept nowhere.</summary>
    public required ImmutableArray<byte> Hash { get; init; }

    public Caller ToCaller() => new(Name, Role, $"token:{Id}");

    public ApiToken Revoke(string by, DateTimeOffset at) => this with { RevokedAt = at, RevokedBy = by };
}
