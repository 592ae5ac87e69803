using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Whether a column holds whole numbers of few distinct values, which are categories rather than amounts; and how often each.</summary>
internal sealed class FewValues
{
    public const int Most = 20;

    private readonly Dictionary<double, long> counts = [];

    /// <summary>False once another value came.</summary>
    public bool Are { get; private set; } = true;

    public bool Any => counts.Count > 0;

    public void Add(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length && Are; i++)
        {
            var value = values[i];
            CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _)++;
            Are = value == Math.Truncate(value) && Math.Abs(value) <= CategoryText.LargestWhole && counts.Count <= Most;
        }
    }

    public CategoryCounts ToCounts() =>
        new(CategoryCounts.Empty.AddRange(counts.Select(static count => KeyValuePair.Create(CategoryText.Of(count.Key), count.Value))), 0, true);

    public ImmutableArray<double> Values => [.. counts.Keys.Order()];
}
