using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>What a window costs in processor time once its profile is loaded: 200 numeric columns of 64 bins by all metrics; what is computed of the columns together; an exact test of raw values. No storage.</summary>
internal static class DriftBenchmark
{
    private const int Columns = 200;
    private const int Bins = 64;
    private const int Together = 64;
    private const int Reference = 20_000;
    private const int Window = 5_000;
    private const int Values = 2_000;

    public static Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var random = new Random(1);
        var options = new AnalysisOptions();
        var baseline = Profile(random, Reference, 0, null);
        var current = Profile(random, Window, 0.1, baseline);
        ImmutableArray<ColumnResult> columns = [];
        var metrics = 0;
        var compared = Cpu(rig, () =>
        {
            columns = [.. baseline.Columns.Select((column, at) => ColumnComparison.Compare(column, current.Columns[at], current.Rows, column.Name, ColumnRole.Feature, options, null, null))];
            metrics = columns.Sum(static column => column.Metrics.Length);
        });
        var together = Cpu(rig, () => DatasetComparison.Compare(baseline, current, columns, options));
        var (a, b) = (Normals(random, Values, 0), Normals(random, Values, 0.05));
        var exact = Cpu(rig, () => KolmogorovSmirnov.Compare(PooledSamples.Of(a, b)));
        IReadOnlyList<Figure> figures =
        [
            Figure.AtMost($"{Columns} columns of {Bins} bins by all metrics", 10, compared, "ms CPU", note: $"{metrics} metrics; {Reference:N0} values against {Window:N0}"),
            Figure.AtMost($"{Columns} columns together: correction, {Together} columns' correlations and reconstruction", 50, together, "ms CPU"),
            Figure.AtMost($"exact Kolmogorov-Smirnov test of {Values:N0} against {Values:N0} raw values", 20, exact, "ms CPU"),
        ];
        return Task.FromResult(figures);
    }

    private static double Cpu(Rig rig, Action work)
    {
        var rounds = rig.Pick(200, 2);
        for (var warm = 0; warm < rounds; warm++)
        {
            work();
        }
        var before = Environment.CpuUsage.TotalTime;
        for (var round = 0; round < rounds; round++)
        {
            work();
        }
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / rounds;
    }

    /// <param name="baseline">Whose edges to count on; null: own quantiles.</param>
    private static DataProfile Profile(Random random, int rows, double shift, DataProfile? baseline)
    {
        var columns = ImmutableArray.CreateBuilder<ColumnProfile>(Columns);
        for (var at = 0; at < Columns; at++)
        {
            var values = Normals(random, rows, shift * (at % 3));
            Array.Sort(values);
            ImmutableArray<double> edges = baseline?.Columns[at].Bins!.Edges ?? [.. Enumerable.Range(0, Bins + 1).Select(edge => HistogramEdges.Quantile(values, (double)edge / Bins))];
            var mean = values.Average();
            columns.Add(new()
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"c{at:d3}"),
                Kind = ColumnKind.Numeric,
                Count = rows,
                Moments = new(rows, mean, values.Sum(value => (value - mean) * (value - mean)), 0, 0),
                Min = values[0],
                Max = values[^1],
                Distinct = rows,
                Bins = new(edges, [.. Histogram.Count(values, edges.AsSpan()).Select(static count => (long)count)], values.Count(value => value < edges[0]), values.Count(value => value > edges[^1])),
            });
        }
        var scatter = Enumerable.Range(0, Together * Together).Select(at => at / Together == at % Together ? rows : rows * 0.3 * random.NextDouble() * (baseline is null ? 1 : 0.9)).ToArray();
        for (var i = 0; i < Together; i++)
        {
            for (var j = 0; j < i; j++)
            {
                scatter[(i * Together) + j] = scatter[(j * Together) + i];
            }
        }
        return new()
        {
            Rows = rows,
            Columns = columns.ToImmutable(),
            CoMoments = new([.. columns.Take(Together).Select(static column => column.Name)], rows, [.. columns.Take(Together).Select(static column => column.Moments.Mean)], [.. scatter]),
        };
    }

    private static double[] Normals(Random random, int count, double mean) =>
        [.. Enumerable.Range(0, count).Select(_ => mean + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
