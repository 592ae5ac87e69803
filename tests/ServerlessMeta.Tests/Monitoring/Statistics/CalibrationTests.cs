using System.Collections.Immutable;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Statistics;

/// <summary>How often drift is said where there is none, and where there is: 2,000 pairs for each of three seeds.</summary>
public sealed class CalibrationTests
{
    private const int Pairs = 2_000;

    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_exact_test_of_Kolmogorov_and_Smirnov_keeps_its_level(int seed)
    {
        var random = new Random(seed);

        var share = Share(() => KolmogorovSmirnov.Compare(PooledSamples.Of(random.Normals(120), random.Normals(97))).P < 0.05);

        Assert.InRange(share, 0.035, 0.065);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Chi_squared_keeps_its_level(int seed)
    {
        var random = new Random(seed);
        double[] shares = [0.4, 0.25, 0.2, 0.1, 0.05];

        var share = Share(() => Contingency.TestRegrouped(Draw(random, shares, 600), Draw(random, shares, 300)).P < 0.05);

        Assert.InRange(share, 0.035, 0.065);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_test_of_missing_shares_keeps_its_level(int seed)
    {
        var random = new Random(seed);

        var share = Share(() => ShareTest.Compare(Draw(random, [0.2, 0.8], 1_000)[0], 1_000, Draw(random, [0.2, 0.8], 400)[0], 400).P < 0.05);

        Assert.InRange(share, 0.035, 0.065);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_floor_of_PSI_is_exceeded_in_five_of_a_hundred_windows_and_distances_alarm_no_more_often(int seed)
    {
        var random = new Random(seed);
        var (above, drift) = (0, 0);

        for (var pair = 0; pair < Pairs; pair++)
        {
            var reference = Uniform(random, 2_000);
            var edges = ProfileOf.Edges(reference);
            var result = ColumnComparison.Compare(Counts(reference, edges), Counts(Uniform(random, 500), edges), 500, "x", ColumnRole.Feature, new(), null, null);
            above += Value(result, "psi") > Value(result, "psiFloor95") ? 1 : 0;
            drift += result.Verdict == Verdict.Drift ? 1 : 0;
        }

        Assert.InRange(above / (double)Pairs, 0.03, 0.07);
        Assert.InRange(drift / (double)Pairs, 0, 0.065);
    }

    [Fact]
    public void A_shift_of_a_third_of_a_deviation_is_found_in_nine_of_ten_windows_of_500()
    {
        var random = new Random(1);
        var (found, certain) = (0, 0);

        for (var pair = 0; pair < 300; pair++)
        {
            var (reference, current) = (random.Normals(500), random.Normals(500, 0.3));
            var edges = ProfileOf.Edges(reference);
            found += KolmogorovSmirnov.Compare(PooledSamples.Of(reference, current)).P < 0.05 ? 1 : 0;
            certain += ColumnComparison.Compare(Counts(reference, edges), Counts(current, edges), current.Length, "x", ColumnRole.Feature, new() { NumericMetric = "ks" }, null, null).Verdict == Verdict.Drift ? 1 : 0;
        }

        Assert.InRange(found, 271, 300);
        Assert.InRange(certain, 255, found);
    }

    [Fact]
    public void A_window_of_a_thousand_columns_is_compared_as_one()
    {
        var random = new Random(1);
        var reference = random.Normals(3_000);
        var edges = ProfileOf.Edges(reference);
        var baseline = Counts(reference, edges);
        ColumnProfile[] windows = [Counts(random.Normals(1_000), edges), Counts(random.Normals(1_000, 1), edges)];
        DataProfile Profile(Func<int, ColumnProfile> column) => new() { Rows = 1_000, Columns = [.. Enumerable.Range(0, 1_000).Select(at => column(at) with { Name = $"c{at}" })] };
        var (first, second) = (Profile(_ => baseline), Profile(at => windows[at % 4 == 0 ? 1 : 0]));

        var columns = first.Columns.Select((column, at) => ColumnComparison.Compare(column, second.Columns[at], second.Rows, column.Name, ColumnRole.Feature, new(), null, null)).ToImmutableArray();
        var (corrected, dataset) = DatasetComparison.Compare(first, second, columns, new());

        Assert.Equal(1_000, corrected.Length);
        Assert.Equal((0.25, Verdict.NoDrift), (dataset[0].Value, dataset[0].Verdict));
        Assert.All(corrected, static column => Assert.DoesNotContain(column.Metrics, static metric => metric is { P: not null, AdjustedP: null }));
    }

    private static double Share(Func<bool> isHit) => Enumerable.Range(0, Pairs).Count(_ => isHit()) / (double)Pairs;

    private static double[] Uniform(Random random, int count)
    {
        var values = new double[count];
        foreach (ref var value in values.AsSpan())
        {
            value = random.NextDouble();
        }
        return values;
    }

    private static double Value(ColumnResult result, string metric) => result.Metrics.Single(one => one.Metric == metric).Value!.Value;

    private static double[] Draw(Random random, double[] shares, int count)
    {
        var counts = new double[shares.Length];
        for (var i = 0; i < count; i++)
        {
            var (left, at) = (random.NextDouble(), 0);
            while (at < shares.Length - 1 && left >= shares[at])
            {
                left -= shares[at++];
            }
            counts[at]++;
        }
        return counts;
    }

    /// <summary>A profile with what binned metrics need.</summary>
    private static ColumnProfile Counts(double[] values, ImmutableArray<double> edges)
    {
        var counts = Histogram.Count(values, edges.AsSpan());
        var mean = values.Average();
        return new()
        {
            Name = "x",
            Kind = ColumnKind.Numeric,
            Count = values.Length,
            Moments = new(values.Length, mean, values.Sum(value => (value - mean) * (value - mean)), 0, 0),
            Min = values.Min(),
            Max = values.Max(),
            Bins = new(edges, [.. counts.Select(static count => (long)count)], values.Count(value => value < edges[0]), values.Count(value => value > edges[^1])),
        };
    }
}
