using System.Collections.Immutable;

namespace ServerlessMeta.Verifications;

/// <summary>A record that every byte of a version was read again and compared with what was stored.</summary>
public sealed record Verification
{
    /// <summary>Faults that a record names; the rest is counted.</summary>
    public const int MostNamed = 100;

    /// <summary>Names it among all records of its model.</summary>
    public required long Id { get; init; }

    public required int Version { get; init; }

    /// <summary>The digest of what was read.</summary>
    public required string Content { get; init; }

    public required int Files { get; init; }

    public required long Bytes { get; init; }

    /// <summary>How many files have other bytes than those that were stored, or none.</summary>
    public required int Faults { get; init; }

    /// <summary>The first of those.</summary>
    public required ImmutableArray<string> Broken { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }
}
