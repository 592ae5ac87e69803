using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ServerlessMeta.Audit;

/// <summary>One change of one object. Kept as a line of JSON (see <see cref="AuditLine"/>), whose SHA-256 the next entry of the object names.</summary>
internal sealed record AuditEntry
{
    /// <summary>What the first entry of an object names as the one before it.</summary>
    public static string NoPrevious { get; } = new('0', 64);

    /// <summary>Kind and id of the object: <c>run:{id}</c>, <c>experiment:{id}</c>, <c>model:{number}</c>, ...</summary>
    public required string Object { get; init; }

    /// <summary>The place in the object's chain, from 1.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The caller's name.</summary>
    public required string By { get; init; }

    /// <summary>How the caller was known.</summary>
    public required string Source { get; init; }

    /// <summary>What was done: <c>version.create</c>, <c>alias.set</c>, ...</summary>
    public required string Action { get; init; }

    /// <summary>What people call the object, at that time.</summary>
    public string? Name { get; init; }

    /// <summary>What changed in the words of the feature: short texts by name.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Details { get; init; } = [];

    public ImmutableArray<RowChange> Rows { get; init; } = [];

    /// <summary>SHA-256 of the entry before it, in hex; zeros for the first.</summary>
    public required string Previous { get; init; }

    public static byte[] HashOf(ReadOnlySpan<byte> line) => SHA256.HashData(line);

    public static string HexOf(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));
}
