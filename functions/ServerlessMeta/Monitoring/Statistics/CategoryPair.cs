using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// Two categorical profiles over the union of their categories. A side that does not count all of its categories has the rest in one pool; a category that it does not list may be there,
/// so the other side's count of it goes to the pool too.
/// </summary>
internal sealed class CategoryPair
{
    private CategoryPair(double[] reference, double[] current, bool isApproximate, ImmutableArray<CategoryShare> added, double? addedShare) =>
        (Reference, Current, IsApproximate, New, NewShare) = (reference, current, isApproximate, added, addedShare);

    public double[] Reference { get; }

    public double[] Current { get; }

    public bool IsApproximate { get; }

    /// <summary>Categories that the reference has not, the most frequent twenty.</summary>
    public ImmutableArray<CategoryShare> New { get; }

    /// <summary>The share of all of them, 0 to 1; null where the reference does not list all of its own.</summary>
    public double? NewShare { get; }

    /// <summary>Null where a side has no categories.</summary>
    public static CategoryPair? Of(ColumnProfile reference, ColumnProfile current, int listed = 20)
    {
        if (reference.Categories is not { } a || current.Categories is not { } b)
        {
            return null;
        }
        if (a.Other < 0 || b.Other < 0 || a.Counts.Values.Any(static count => count < 0) || b.Counts.Values.Any(static count => count < 0))
        {
            throw new InvalidDataException("A profile has negative counts.");
        }
        var (left, right) = (new List<double>(a.Counts.Count), new List<double>(a.Counts.Count));
        var (poolA, poolB) = ((double)a.Other, (double)b.Other);
        foreach (var (category, count) in a.Counts)
        {
            if (b.Counts.TryGetValue(category, out var other) || b.IsExact)
            {
                left.Add(count);
                right.Add(other);
            }
            else
            {
                poolA += count;
            }
        }
        var added = new List<(string Category, long Count)>();
        foreach (var (category, count) in b.Counts)
        {
            if (a.Counts.ContainsKey(category))
            {
                continue;
            }
            if (a.IsExact)
            {
                left.Add(0);
                right.Add(count);
                if (count > 0)
                {
                    added.Add((category, count));
                }
            }
            else
            {
                poolB += count;
            }
        }
        if (poolA + poolB > 0)
        {
            left.Add(poolA);
            right.Add(poolB);
        }
        var total = right.Sum();
        if (left.Sum() <= 0 || total <= 0)
        {
            return null;
        }
        added.Sort(static (x, y) => x.Count != y.Count ? y.Count.CompareTo(x.Count) : string.CompareOrdinal(x.Category, y.Category));
        return new(
            [.. left], [.. right], !a.IsExact || !b.IsExact,
            [.. added.Take(listed).Select(one => new CategoryShare(one.Category, one.Count, one.Count / total))],
            a.IsExact ? added.Sum(static one => (double)one.Count) / total : null);
    }
}
