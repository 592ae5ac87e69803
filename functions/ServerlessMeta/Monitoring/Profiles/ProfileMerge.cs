using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Merges the profiles of parts into that of the whole, whatever the order and the grouping: counts on equal edges, categories up to a thousand and ranges are exactly those of the
/// whole; moments agree to about 1e-12. What can only be estimated (other edges, more categories, samples) is the same for any order, and said to be approximate.
/// The parts must differ: who receives a part twice drops it by its id.
/// </summary>
internal static class ProfileMerge
{
    public static DataProfile Merge(IReadOnlyList<DataProfile> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }
        var rows = parts.Sum(static part => part.Rows);
        var byName = parts.SelectMany(static part => part.Columns).GroupBy(static column => column.Name, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.ToList(), StringComparer.Ordinal);
        return new DataProfile
        {
            Rows = rows,
            Columns = [.. Names(parts).Select(name => ColumnMerge.Merge(byName[name], rows))],
            CoMoments = CoMomentsMerge.Merge(parts),
            Sample = SampleMerge.Merge([.. parts.Select(static part => part.Sample).OfType<RowSample>()]),
        };
    }

    /// <summary>In the order of the data where all parts have the same, else in ordinal order: no part comes first.</summary>
    private static IEnumerable<string> Names(IReadOnlyList<DataProfile> parts)
    {
        var telling = parts.Where(static part => part.Columns.Length > 0).ToList();
        var first = telling.Count == 0 ? [] : telling[0].Columns.Select(static column => column.Name).ToImmutableArray();
        return telling.TrueForAll(part => part.Columns.Select(static column => column.Name).SequenceEqual(first, StringComparer.Ordinal))
            ? first
            : telling.SelectMany(static part => part.Columns).Select(static column => column.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }
}
