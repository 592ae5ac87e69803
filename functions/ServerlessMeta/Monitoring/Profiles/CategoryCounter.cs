using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Counts categories: exactly up to a thousand different ones, then those of the baseline exactly and of the others the most frequent, by <see cref="SpaceSaving"/>.
/// Of these a lower bound is said, so that counts of parts add up to a lower bound again.
/// </summary>
internal sealed class CategoryCounter(IReadOnlyDictionary<string, long>? ofBaseline)
{
    private const int TableSize = 1_024;
    private const int MostNumbers = 4_096;

    // Numbers are counted as such, and written as texts once.
    private readonly Dictionary<double, long> numbers = [];
    private Dictionary<string, long> exact = new(StringComparer.Ordinal);
    private SpaceSaving? others;
    private HyperLogLog? distinct;

    public long Total { get; private set; }

    /// <param name="key">As <see cref="CategoryText"/> writes it.</param>
    public void Add(string key, long times = 1)
    {
        Total += times;
        Count(key, times);
    }

    public void Add(double number)
    {
        Total++;
        CollectionsMarshal.GetValueRefOrAddDefault(numbers, number, out _)++;
        if (numbers.Count > MostNumbers)
        {
            TakeNumbers();
        }
    }

    /// <summary>What was counted; of values that it does not know the categories of, <paramref name="unknown"/> were there too.</summary>
    public (CategoryCounts Counts, double Distinct, ImmutableArray<byte> Registers) Build(long unknown = 0)
    {
        TakeNumbers();
        var counts = CategoryCounts.Empty.ToBuilder();
        counts.AddRange(exact);
        if (others is not null)
        {
            counts.AddRange(others.Items.Select(static item => KeyValuePair.Create(item.Key, item.Count - item.Error))
                .Where(static item => item.Value > 0)
                .OrderByDescending(static item => item.Value).ThenBy(static item => item.Key, StringComparer.Ordinal)
                .Take(CategoryCounts.Kept));
        }
        return (
            new CategoryCounts(counts.ToImmutable(), unknown + Total - counts.Values.Sum(), others is null && unknown == 0),
            distinct?.Estimate() ?? exact.Count,
            distinct is null ? [] : [.. distinct.State]);
    }

    private void TakeNumbers()
    {
        foreach (var (number, times) in numbers)
        {
            Count(CategoryText.Of(number), times);
        }
        numbers.Clear();
    }

    private void Count(string key, long times)
    {
        if (others is null || ofBaseline?.ContainsKey(key) == true)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(exact, key, out var found);
            count += times;
            if (!found && others is null && exact.Count > CategoryCounts.ExactUpTo)
            {
                Overflow();
            }
        }
        else
        {
            others.Add(key, times);
        }
        distinct?.Add(ValueHash.Of(key));
    }

    private void Overflow()
    {
        others = new SpaceSaving(TableSize);
        distinct = new HyperLogLog();
        var kept = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (key, times) in exact)
        {
            distinct.Add(ValueHash.Of(key));
            if (ofBaseline?.ContainsKey(key) == true)
            {
                kept.Add(key, times);
            }
            else
            {
                others.Add(key, times);
            }
        }
        exact = kept;
    }
}
