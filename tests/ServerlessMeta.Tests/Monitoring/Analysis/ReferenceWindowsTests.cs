using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Tests.Monitoring.Streams;

namespace ServerlessMeta.Tests.Monitoring.Analysis;

public sealed class ReferenceWindowsTests
{
    [Theory]
    [InlineData("previous", 1)]
    [InlineData("rolling(2)", 2)]
    [InlineData("rolling(100)", 100)]
    [InlineData("rolling(1)", null)]
    [InlineData("rolling(101)", null)]
    [InlineData("rolling(999999999999)", null)]
    [InlineData("rolling(2) ", null)]
    [InlineData("rolling(2)\n", null)]
    [InlineData("training", null)]
    [InlineData("", null)]
    public void References_are_read_as_they_are_written(string text, int? count)
    {
        var found = ReferenceWindows.Parse(text);

        Assert.Equal(count, found?.Count);
        Assert.Equal(count is null ? null : text, found?.Name);
    }

    [Fact]
    public void As_many_windows_are_needed_as_the_longest_reference_has()
    {
        Assert.Equal(0, ReferenceWindows.Needed([]));
        Assert.Equal(0, ReferenceWindows.Needed(default));
        Assert.Equal(7, ReferenceWindows.Needed(["previous", "rolling(7)", "rolling(3)"]));
    }

    [Fact]
    public void The_last_windows_with_rows_are_one_reference()
    {
        var rows = StaggerStream.Rows(1, 700, (0, 0)).ToArray();
        var baseline = StreamProfile.Of(StaggerStream.Columns, rows);
        EarlierWindow[] before = [.. Enumerable.Range(0, 5).Select(i => new EarlierWindow($"w{i}", StreamProfile.Of(StaggerStream.Columns, rows[(i * 100)..(i * 100 + 100)], baseline))), new("empty", Windows.Nothing)];
        var current = StreamProfile.Of(StaggerStream.Columns, rows[500..], baseline);

        Assert.Equal(new ProfileComparison("previous", [], [], []), Compare(1, []), Same);
        Assert.Equal(new ProfileComparison("rolling(3)", [], [], []), Compare(3, [new("empty", Windows.Nothing)]), Same);
        Assert.Equal(["w4"], Compare(1, before).Windows);
        Assert.Equal(["w2", "w3", "w4"], Compare(3, before).Windows);
        Assert.Equal(300, Compare(3, before).Columns.Single(static column => column.Column == "color").Metrics.Single(static metric => metric.Metric == "js").ReferenceCount);
        Assert.Equal(["w0", "w1", "w2", "w3", "w4"], Compare(9, before).Windows);

        ProfileComparison Compare(int count, EarlierWindow[] windows) => new ReferenceWindows(count).Compare([.. windows], current, Windows.Options);
        static bool Same(ProfileComparison one, ProfileComparison other) => one.Reference == other.Reference && one.Windows.SequenceEqual(other.Windows) && one.Columns.Length == other.Columns.Length && one.Dataset.Length == other.Dataset.Length;
    }

    [Fact]
    public void A_window_is_compared_with_those_before_it_beside_the_baseline()
    {
        var rows = SeaStream.Rows(1, 2000, [(0, 8)], shift: 4, shiftAt: 1000).ToArray();
        var input = Windows.Of(SeaStream.Columns, rows[1500..], rows[..500]) with { Options = Windows.Options with { CompareWith = ["previous", "rolling(2)"] } };
        EarlierWindow[] before = [Earlier("still", 500), Earlier("moved", 1000)];

        var result = WindowAnalysis.Analyze(input with { Before = [.. before] }).Result;

        Assert.True(HasMoved(result.Columns));
        Assert.Equal(["previous", "rolling(2)"], result.Comparisons.Select(static one => one.Reference));
        Assert.False(HasMoved(result.Comparisons[0].Columns));
        Assert.True(HasMoved(result.Comparisons[1].Columns));
        Assert.Equal(["still", "moved"], result.Comparisons[1].Windows);
        Assert.Empty(WindowAnalysis.Analyze(input with { Options = Windows.Options, Before = [.. before] }).Result.Comparisons);

        EarlierWindow Earlier(string name, int from) => new(name, StreamProfile.Of(SeaStream.Columns, rows[from..(from + 500)], input.Baseline));
        static bool HasMoved(IEnumerable<ColumnResult> columns) => columns.Count(static column => column is { Verdict: Verdict.Drift, Column: "x1" or "x2" }) == 2;
    }

    [Fact]
    public void A_result_that_was_stored_without_comparisons_has_none()
    {
        var json = Windows.Json(WindowAnalysis.Analyze(Windows.Of([], new AnalysisOptions())).Result);
        Assert.Contains(""","comparisons":[]""", json, StringComparison.Ordinal);

        var read = System.Text.Json.JsonSerializer.Deserialize(json.Replace(""","comparisons":[]""", "", StringComparison.Ordinal), ResultJson.Relaxed.WindowResult)!;

        Assert.Empty(read.Comparisons);
    }
}
