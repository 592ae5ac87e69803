using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using CsCheck;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.Monitoring;

/// <summary>A row of the history tells each metric as the result does, or says that it does not.</summary>
public sealed class PackedMetricsTests(ITestOutputHelper output)
{
    private static readonly MonitorTarget Target = MonitorTarget.Of(1, 2);

    private static readonly Gen<double?> Numbers = Gen.OneOf(Gen.Const((double?)null), Gen.Double.Select(static number => double.IsFinite(number) ? (double?)number : 0));

    private static readonly Gen<MetricResult> Metrics = Gen.Select(
        Gen.OneOf(Gen.Const("js"), Gen.Const("psi"), Gen.Const("ks"), Gen.Const("accuracy"), Gen.Const("ü")), Gen.Enum<MetricStatus>(), Gen.Enum<Verdict>(), Numbers.Array[8], Gen.Long[0, long.MaxValue], Gen.Long[0, 1000],
        static (name, status, verdict, numbers, reference, current) => new MetricResult
        {
            Metric = name,
            Status = status,
            Verdict = verdict,
            Value = numbers[0],
            P = numbers[1],
            PLow = numbers[2],
            AdjustedP = numbers[3],
            Low = numbers[4],
            High = numbers[5],
            Threshold = numbers[6],
            Reference = numbers[7],
            ReferenceCount = reference,
            CurrentCount = current,
            Method = "profile",
        });

    [Fact]
    public void Every_metric_reads_back_from_the_row() => Gen.Select(Gen.String[1, 40].Array[0, 12], Metrics.Array[0, 4], Metrics.Array[0, 4]).Sample(static (columns, metrics, others) =>
    {
        var result = Result([.. columns.Distinct(StringComparer.Ordinal).Select(name => Column(name, metrics))]) with { Dataset = [.. others], Performance = [.. metrics], Estimated = [.. others] };
        var row = ResultRow.From(Target, result, "blob");
        return TableLimits.Broken(row, out _) is null
            && columns.All(column => metrics.All(metric => PackedMetrics.Find(row, MetricScope.Column, column, metric.Metric) == (MetricPoint.Of(First(metrics, metric)), true)))
            && others.All(metric => PackedMetrics.Find(row, MetricScope.Dataset, "", metric.Metric).Point == MetricPoint.Of(First(others, metric)))
            && metrics.All(metric => PackedMetrics.Find(row, MetricScope.Performance, "", metric.Metric).Point == PackedMetrics.Find(result, MetricScope.Performance, "", metric.Metric))
            && PackedMetrics.Find(row, MetricScope.Column, "no such column", "js") == (null, true)
            && PackedMetrics.Read(row) is { IsWhole: true, Metrics: var all } && all.Length == (columns.Distinct(StringComparer.Ordinal).Count() * metrics.Length) + (2 * others.Length) + metrics.Length
            && all.All(one => PackedMetrics.Find(row, one.Scope, one.Column, one.Metric).Point is not null);
    });

    [Theory]
    [InlineData(200, 10, 20)]
    [InlineData(1000, 12, 20)]
    [InlineData(1000, 20, 200)]
    [InlineData(4000, 20, 200)]
    public void A_row_fits_however_many_columns_there_are(int columns, int metrics, int nameLength)
    {
        var random = new Random(7);
        var result = Result([.. Enumerable.Range(0, columns).Select(column => Column(
            string.Create(CultureInfo.InvariantCulture, $"{column} ").PadRight(nameLength, (char)('a' + (column % 26))),
            [.. Enumerable.Range(0, metrics).Select(metric => new MetricResult
            {
                Metric = $"metric{metric}", Status = MetricStatus.Ok, Verdict = Verdict.Drift, Method = "profile", Value = random.NextDouble(), P = random.NextDouble(), AdjustedP = random.NextDouble(),
                Low = random.NextDouble(), High = random.NextDouble(), Threshold = 0.1, ReferenceCount = 100_000, CurrentCount = 5_000,
            })]))]);

        var row = ResultRow.From(Target, result, "blob");

        Assert.Null(TableLimits.Broken(row, out var bytes));
        Assert.All(result.Columns, column =>
        {
            var (point, isTold) = PackedMetrics.Find(row, MetricScope.Column, column.Column, "metric3");
            Assert.Equal(isTold ? MetricPoint.Of(column.Metrics[3]) : null, point);
        });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{columns} columns of {metrics} metrics: {bytes} bytes"));
        Assert.True(columns > 1000 || row.GetInt32(PackedMetrics.LeftOut) == 0 || metrics > 12);
    }

    private static MetricResult First(MetricResult[] metrics, MetricResult metric) => metrics.First(one => one.Metric == metric.Metric);

    private static ColumnResult Column(string name, MetricResult[] metrics) =>
        new() { Column = name, Role = ColumnRole.Feature, Kind = ColumnKind.Numeric, Status = MetricStatus.Ok, Verdict = Verdict.Drift, Metrics = [.. metrics] };

    private static WindowResult Result(ImmutableArray<ColumnResult> columns) => new()
    {
        Window = "w",
        Start = DateTimeOffset.UnixEpoch,
        End = DateTimeOffset.UnixEpoch.AddDays(1),
        Revision = 1,
        ComputedAt = DateTimeOffset.UnixEpoch,
        Baseline = 1,
        State = WindowState.Closed,
        Rows = 1,
        Columns = columns,
    };
}
