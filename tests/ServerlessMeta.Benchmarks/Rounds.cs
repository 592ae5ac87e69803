using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks;

/// <summary>Two loads in turns, so that both see the same machine; the median of each.</summary>
internal static class Rounds
{
    public static (double First, double Second) Compare(int rounds, Func<LoadResult, double> figure, Func<TimeSpan, LoadResult> first, Func<TimeSpan, LoadResult> second, TimeSpan span)
    {
        first(span / 2).Clean();
        second(span / 2).Clean();
        var (ones, others) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            ones.Add(figure(first(span).Clean()));
            others.Add(figure(second(span).Clean()));
        }
        return (Median(ones), Median(others));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
