using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Merges the profiles of one column.</summary>
internal static class ColumnMerge
{
    /// <param name="parts">Of the parts that have the column; at least one.</param>
    /// <param name="rows">Of all parts: those without the column miss its values.</param>
    public static ColumnProfile Merge(IReadOnlyList<ColumnProfile> parts, long rows)
    {
        var present = parts.Sum(static part => part.Present);
        var infinite = parts.Sum(static part => part.Infinite);
        // A part without values says nothing of the kind, unless its baseline did.
        var telling = parts.Where(static part => part.Present > 0).ToList();
        telling = telling.Count > 0 ? telling : [.. parts.Where(static part => part.Bins is not null || part.Categories is not null)];
        telling = telling.Count > 0 ? telling : [.. parts];
        var merged = telling.TrueForAll(static part => part.Kind is ColumnKind.Categorical) ? Categories(telling)
            : telling.TrueForAll(static part => part.Kind is ColumnKind.Numeric || IsOfNumbers(part)) ? Numbers(telling, parts)
            : Mixed(telling);
        return merged with { Count = rows, Infinite = infinite, Missing = rows - present - infinite };
    }

    /// <summary>A column of categories that are all numbers as a numeric one, counted on the bins of another; null when they are not, or not all known.</summary>
    /// <param name="like">Whose edges to count on; null: there are none, nor are there bins then.</param>
    public static ColumnProfile? AsNumbers(ColumnProfile categories, NumericBins? like) => !IsOfNumbers(categories) ? null
        : Numbers([categories], like is null ? [] : [categories with { Bins = like with { Counts = [.. like.Counts.Select(static _ => 0L)], Below = 0, Above = 0 } }])
            with { Count = categories.Count, Missing = categories.Missing, Infinite = categories.Infinite };

    private static ColumnProfile Categories(List<ColumnProfile> parts)
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (key, count) in parts.SelectMany(static part => part.Categories?.Counts ?? CategoryCounts.Empty))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _) += count;
        }
        var isExact = sums.Count <= CategoryCounts.ExactUpTo && parts.All(static part => part.Categories is null or { IsExact: true });
        var kept = isExact || sums.Count <= CategoryCounts.Most
            ? sums
            : sums.OrderByDescending(static pair => pair.Value).ThenBy(static pair => pair.Key, StringComparer.Ordinal).Take(CategoryCounts.Most);
        var counts = CategoryCounts.Empty.AddRange(kept);
        var (distinct, registers) = isExact ? (sums.Count, []) : Distinct(parts, asNumbers: false);
        return new ColumnProfile
        {
            Name = parts[0].Name,
            Kind = ColumnKind.Categorical,
            Count = 0,
            Categories = new CategoryCounts(counts, parts.Sum(static part => part.Present) - counts.Values.Sum(), isExact),
            Distinct = distinct,
            Registers = registers,
            IsApproximate = parts.Any(static part => part.IsApproximate),
        };
    }

    /// <summary>Numbers, and whole numbers of few values that a part without a baseline took for categories.</summary>
    private static ColumnProfile Numbers(List<ColumnProfile> parts, IReadOnlyList<ColumnProfile> all)
    {
        var bins = parts.Where(static part => part.Bins is not null).ToList();
        if (bins.Count == 0)
        {
            bins = [.. all.Where(static part => part.Bins is not null)];
        }
        var values = parts.Where(static part => part.Kind is ColumnKind.Categorical).SelectMany(static part => part.Categories?.Counts ?? CategoryCounts.Empty)
            .Select(static pair => (Value: Number(pair.Key), Times: pair.Value)).ToList();
        var ranges = parts.Where(static part => part.Min is not null).Select(static part => (Min: part.Min!.Value, Max: part.Max!.Value))
            .Concat(values.Select(static value => (Min: value.Value, Max: value.Value))).ToList();
        var (distinct, registers) = Distinct(parts, asNumbers: true);
        var (merged, isApproximate) = bins.Count == 0 ? (null, false) : Bins(bins, values);
        return new ColumnProfile
        {
            Name = parts[0].Name,
            Kind = ColumnKind.Numeric,
            Count = 0,
            Moments = Moments.Merge(parts.Select(static part => part.Moments).Concat(values.Select(static value => Moments.Of(value.Value, value.Times)))),
            Min = ranges.Count == 0 ? null : ranges.Min(static range => range.Min),
            Max = ranges.Count == 0 ? null : ranges.Max(static range => range.Max),
            Bins = merged,
            Distinct = distinct,
            Registers = registers,
            IsApproximate = isApproximate || parts.Any(static part => part.IsApproximate),
        };
    }

    /// <summary>Numbers in some parts and words in others: words count, as in a part that holds both.</summary>
    private static ColumnProfile Mixed(List<ColumnProfile> parts)
    {
        var words = Categories([.. parts.Where(static part => part.Kind is ColumnKind.Categorical)]);
        var numbers = parts.Where(static part => part.Kind is ColumnKind.Numeric).Sum(static part => part.Present);
        return words with { Categories = words.Categories! with { Other = words.Categories.Other + numbers, IsExact = false } };
    }

    /// <summary>Equal edges add up. Others are split on those edges that hold the most values.</summary>
    private static (NumericBins Bins, bool IsApproximate) Bins(List<ColumnProfile> parts, List<(double Value, long Times)> values)
    {
        var groups = parts.GroupBy(static part => part.Bins!.EdgesHash, StringComparer.Ordinal).ToList();
        var most = groups.MaxBy(static group => (group.Sum(static part => part.Present), group.Key), Comparer<(long Present, string Hash)>.Create(static (a, b) =>
            a.Present != b.Present ? a.Present.CompareTo(b.Present) : string.CompareOrdinal(b.Hash, a.Hash)))!;
        var edges = most.First().Bins!.Edges;
        var counter = new BinCounter(edges);
        foreach (var (value, times) in values)
        {
            counter.Add(value, times);
        }
        var sum = most.Aggregate(counter.ToBins(), static (bins, part) => Add(bins, part.Bins!));
        var others = groups.Where(group => group != most).SelectMany(static group => group).Where(static part => part.Present > 0).ToList();
        return others.Count == 0
            ? (sum, false)
            : (Add(sum, BinSplit.Split(others.SelectMany(static part => BinSplit.Pieces(part.Bins!, part.Min, part.Max)), edges).Bins), true);
    }

    private static NumericBins Add(NumericBins a, NumericBins b) => a with
    {
        Counts = [.. a.Counts.Zip(b.Counts, static (one, other) => one + other)],
        Below = a.Below + b.Below,
        Above = a.Above + b.Above,
    };

    /// <summary>By the registers of all parts; a producer that made its profile itself may have none, then nothing is known.</summary>
    private static (double? Distinct, ImmutableArray<byte> Registers) Distinct(List<ColumnProfile> parts, bool asNumbers)
    {
        var telling = parts.Where(static part => part.Present > 0).ToList();
        if (telling.Count == 1)
        {
            return (telling[0].Distinct, telling[0].Registers);
        }
        var union = new HyperLogLog();
        foreach (var part in telling)
        {
            if (!part.Registers.IsEmpty)
            {
                union.Merge(part.Registers.AsSpan());
            }
            else if (part.Categories is not { IsExact: true } exact)
            {
                return (null, []);
            }
            else
            {
                foreach (var key in exact.Counts.Keys)
                {
                    union.Add(asNumbers ? ValueHash.Of(Number(key)) : ValueHash.Of(key));
                }
            }
        }
        return telling.Count == 0 ? (null, []) : (union.Estimate(), [.. union.State]);
    }

    private static bool IsOfNumbers(ColumnProfile part) =>
        part is { Kind: ColumnKind.Categorical, Categories: { IsExact: true } categories } && categories.Counts.Keys.All(static key => double.IsFinite(Number(key)));

    private static double Number(string key) => double.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
