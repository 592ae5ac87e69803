using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Compare;

/// <summary>One of those that are compared, a run or a version: what is known of it, by name.</summary>
public sealed record ComparedSide
{
    /// <summary>By which the page calls it: A, B, ...</summary>
    public required string Letter { get; init; }

    /// <summary>As the address names it.</summary>
    public required string Key { get; init; }

    public required string Name { get; init; }

    public required string Address { get; init; }

    public required string Status { get; init; }

    public string StatusKind { get; init; } = "";

    public required DateTimeOffset At { get; init; }

    /// <summary>The run whose points charts draw; null: none is known.</summary>
    public string? Run { get; init; }

    public string? Repository { get; init; }

    public string? Commit { get; init; }

    public ImmutableSortedDictionary<string, string> Params { get; init; } = None;

    public ImmutableSortedDictionary<string, string> Code { get; init; } = None;

    /// <summary>Languages, image and launch.</summary>
    public ImmutableSortedDictionary<string, string> Platform { get; init; } = None;

    /// <summary>Versions by package.</summary>
    public ImmutableSortedDictionary<string, string> Packages { get; init; } = None;

    /// <summary>Digests by dataset.</summary>
    public ImmutableSortedDictionary<string, string> Data { get; init; } = None;

    /// <summary>SHA-256 by path.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; init; } = None;

    internal static ImmutableSortedDictionary<string, string> None { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
