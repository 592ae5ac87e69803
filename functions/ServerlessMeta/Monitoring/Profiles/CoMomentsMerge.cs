using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Merges means and scatter matrices: the scatter of two parts is the sum of theirs and of that between their means.</summary>
internal static class CoMomentsMerge
{
    /// <summary>Null unless all parts that have rows tell it of the same columns.</summary>
    public static CoMoments? Merge(IReadOnlyList<DataProfile> parts)
    {
        var telling = parts.Where(static part => part.Rows > 0).Select(static part => part.CoMoments).ToList();
        if (telling.Count == 0 || telling[0] is not { } first || telling.Exists(one => one is null || !one.Columns.SequenceEqual(first.Columns, StringComparer.Ordinal)))
        {
            return null;
        }
        var merged = telling.Select(static one => one!).OrderBy(static one => one.Count).ThenBy(static one => ValueHash.Of(one.Mean.AsSpan())).ThenBy(static one => ValueHash.Of(one.Scatter.AsSpan()))
            .Aggregate(Merge);
        return IsFinite(merged) ? merged : null;
    }

    public static CoMoments Merge(CoMoments a, CoMoments b)
    {
        if (a.Count == 0 || b.Count == 0)
        {
            return a.Count == 0 ? b : a;
        }
        var columns = a.Columns.Length;
        var count = a.Count + b.Count;
        var (mean, scatter) = (new double[columns], new double[columns * columns]);
        var weight = a.Count * ((double)b.Count / count);
        for (var i = 0; i < columns; i++)
        {
            var d = b.Mean[i] - a.Mean[i];
            mean[i] = a.Mean[i] + (d * ((double)b.Count / count));
            for (var j = 0; j < columns; j++)
            {
                scatter[(i * columns) + j] = a.Scatter[(i * columns) + j] + b.Scatter[(i * columns) + j] + (d * (b.Mean[j] - a.Mean[j]) * weight);
            }
        }
        return new CoMoments(a.Columns, count, [.. mean], [.. scatter]);
    }

    public static bool IsFinite(CoMoments moments) => moments.Mean.All(double.IsFinite) && moments.Scatter.All(double.IsFinite);
}
