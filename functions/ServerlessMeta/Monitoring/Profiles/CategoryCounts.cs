using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// How often each category occurs: exact up to a thousand, then at least so often, of the most frequent, with the rest in <paramref name="Other"/>.
/// Counts and rest always add up to the values that are there. Keys are as <see cref="CategoryText"/> writes them, in ordinal order.
/// </summary>
public sealed record CategoryCounts(ImmutableSortedDictionary<string, long> Counts, long Other, bool IsExact)
{
    /// <summary>Different categories up to here are counted exactly.</summary>
    public const int ExactUpTo = 1_000;

    /// <summary>Of more, so many are kept; beside those of the baseline, which are always counted exactly.</summary>
    public const int Kept = 512;

    /// <summary>What a profile holds at most: a thousand of the baseline's, and those kept beside them.</summary>
    public const int Most = ExactUpTo + Kept;

    /// <summary>Keys compare by their UTF-16 units.</summary>
    public static ImmutableSortedDictionary<string, long> Empty { get; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);
}
