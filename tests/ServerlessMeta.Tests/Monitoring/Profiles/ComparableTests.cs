using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

/// <summary>Whatever rows hold, their profiles can be compared: every figure is finite or absent.</summary>
public sealed class ComparableTests
{
    private static readonly Dictionary<string, string?[]> Columns = new(StringComparer.Ordinal)
    {
        ["spread"] = [.. Enumerable.Range(0, 200).Select(static i => Rows.Text(Math.Sin(i) * 3))],
        ["constant"] = [.. Enumerable.Repeat("2.5", 200)],
        ["other constant"] = [.. Enumerable.Repeat("2.75", 200)],
        ["two values"] = [.. Enumerable.Range(0, 200).Select(static i => i % 2 == 0 ? "2.5" : "7.25")],
        ["missing"] = [.. Enumerable.Repeat("", 200)],
        ["half missing"] = [.. Enumerable.Range(0, 200).Select(static i => i % 2 == 0 ? "" : Rows.Text(i / 7.0))],
        ["infinite"] = [.. Enumerable.Repeat("inf", 200)],
        ["huge"] = [.. Enumerable.Range(0, 200).Select(static i => i % 2 == 0 ? "1.7e308" : $"-1.{i}e308")],
        ["tiny"] = [.. Enumerable.Range(0, 200).Select(static i => Rows.Text(i * double.Epsilon))],
        ["few"] = [.. Enumerable.Range(0, 200).Select(static i => Rows.Text(i % 4))],
        ["words"] = [.. Enumerable.Range(0, 200).Select(static i => $"w{i % 9}")],
        ["new words"] = [.. Enumerable.Range(0, 200).Select(static i => $"n{i % 9}")],
        ["all words differ"] = [.. Enumerable.Range(0, 200).Select(static i => $"d{i}")],
        ["one row"] = ["1.5"],
        ["no rows"] = [],
    };

    public static TheoryData<string> Names => [.. Columns.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Any_column_compares_with_any_other(string name)
    {
        var baseline = await ProfileAsync(Columns[name], null);
        foreach (var (_, values) in Columns)
        {
            var window = await ProfileAsync(values, baseline);
            var alone = await ProfileAsync(values, null);
            foreach (var current in new[] { window, alone, ProfileMerge.Merge([window, alone]), ProfileCodec.Read(ProfileCodec.Write(window)) })
            {
                var result = ColumnComparison.Compare(baseline.Find("x"), current.Find("x"), current.Rows, "x", ColumnRole.Feature, new AnalysisOptions(), null, null);

                Assert.NotEqual(MetricStatus.NotComputable, result.Status);
                Assert.All(result.Metrics.SelectMany(static metric => new[] { metric.Value, metric.P, metric.Low, metric.High, metric.Threshold }), static value => Assert.True(value is null || double.IsFinite(value.Value)));
                Assert.All(result.NewCategories, static category => Assert.InRange(category.Share, 0, 1));
            }
        }
    }

    [Fact]
    public async Task A_window_like_its_baseline_has_not_drifted_and_one_that_moved_has()
    {
        var random = new Random(5);
        string?[] Normal(int count, double shift) => [.. Enumerable.Range(0, count).Select(_ => Rows.Text(shift + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))))];
        var baseline = await ProfileAsync(Normal(20_000, 0), null);

        Assert.Equal(Verdict.NoDrift, await VerdictAsync(Normal(5_000, 0)));
        Assert.Equal(Verdict.Drift, await VerdictAsync(Normal(5_000, 1)));

        async Task<Verdict> VerdictAsync(string?[] values) =>
            ColumnComparison.Compare(baseline.Find("x"), (await ProfileAsync(values, baseline)).Find("x"), values.Length, "x", ColumnRole.Feature, new AnalysisOptions(), null, null).Verdict;
    }

    private static async Task<DataProfile> ProfileAsync(string?[] values, DataProfile? baseline) =>
        (await Rows.CsvAsync(Rows.Csv(["x", "end"], values.Select(static value => new string?[] { value, "x" })), new RowIngestOptions { Baseline = baseline })).Profile;
}
