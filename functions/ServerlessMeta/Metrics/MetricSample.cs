using System.Collections.Immutable;

namespace ServerlessMeta.Metrics;

/// <summary>Fewer points of a history, for a chart.</summary>
public static class MetricSample
{
    /// <summary>
    /// Up to <paramref name="max"/> of the points with a step from <paramref name="startStep"/> to <paramref name="endStep"/> (both included), ordered by
    /// (step, timestamp, value): evenly spaced in that order, and the first, the last, the least and the greatest value among them as far as
    /// <paramref name="max"/> allows. NaN is neither least nor greatest.
    /// </summary>
    public static ImmutableArray<MetricPoint> Take(ImmutableArray<MetricPoint> points, long startStep, long endStep, int max)
    {
        var within = points.Where(point => point.Step >= startStep && point.Step <= endStep)
            .OrderBy(static point => point.Step).ThenBy(static point => point.Timestamp).ThenBy(static point => point.Value).ToImmutableArray();
        if (within.Length <= max)
        {
            return within;
        }
        var kept = new SortedSet<int>();
        foreach (var index in (int[])[0, within.Length - 1, Extreme(within, static (x, y) => x < y), Extreme(within, static (x, y) => x > y)])
        {
            if (kept.Count < max)
            {
                kept.Add(index);
            }
        }
        // Evenly spaced, then the gaps from the left until as many as asked for are there.
        for (var i = 0; i < max && kept.Count < max; i++)
        {
            kept.Add((int)((long)i * (within.Length - 1) / Math.Max(1, max - 1)));
        }
        for (var i = 0; kept.Count < max; i++)
        {
            kept.Add(i);
        }
        return [.. kept.Select(index => within[index])];
    }

    private static int Extreme(ImmutableArray<MetricPoint> points, Func<double, double, bool> beats)
    {
        var best = 0;
        for (var i = 1; i < points.Length; i++)
        {
            if (beats(points[i].Value, points[best].Value) || (double.IsNaN(points[best].Value) && !double.IsNaN(points[i].Value)))
            {
                best = i;
            }
        }
        return best;
    }
}
