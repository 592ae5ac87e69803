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
    [InlineData("training", null)]
    [InlineData("", null)]
    public void References_are_read_as_they_are_written(string text, int? count)
    {
        var found = ReferenceWindows.Parse(text);

        Assert.Equal(count, found?.Count);
        Assert.Equal(count is null ? null : text, found?.Name);
    }

    [Fact]
    public void The_last_windows_with_rows_are_one_reference()
    {
        var rows = StaggerStream.Rows(1, 600, (0, 0)).ToArray();
        var baseline = StreamProfile.Of(StaggerStream.Columns, rows);
        DataProfile[] before = [.. Enumerable.Range(0, 5).Select(i => StreamProfile.Of(StaggerStream.Columns, rows[(i * 100)..(i * 100 + 100)], baseline)), Windows.Nothing];

        Assert.Null(new ReferenceWindows(1).Of([]));
        Assert.Null(new ReferenceWindows(3).Of([Windows.Nothing]));
        Assert.Same(before[4], new ReferenceWindows(1).Of(before));
        Assert.Equal(300, new ReferenceWindows(3).Of(before)!.Rows);
        Assert.Equal(StreamProfile.Of(StaggerStream.Columns, rows[200..500], baseline).Find("color")!.Categories!.Counts, new ReferenceWindows(3).Of(before)!.Find("color")!.Categories!.Counts);
        Assert.Equal(500, new ReferenceWindows(9).Of(before)!.Rows);
    }

    [Fact]
    public void A_window_can_be_compared_with_the_one_before()
    {
        var rows = SeaStream.Rows(1, 1500, [(0, 8)], shift: 4, shiftAt: 1000).ToArray();
        var baseline = StreamProfile.Of(SeaStream.Columns, rows[..500]);
        DataProfile[] windows = [baseline, StreamProfile.Of(SeaStream.Columns, rows[500..1000], baseline), StreamProfile.Of(SeaStream.Columns, rows[1000..], baseline)];
        var reference = ReferenceWindows.Parse("previous")!;

        var same = WindowAnalysis.Compare(reference.Of(windows[..1])!, windows[1], Windows.Options, reference.Name);
        var moved = WindowAnalysis.Compare(reference.Of(windows[..2])!, windows[2], Windows.Options, reference.Name);

        Assert.Equal("previous", moved.Reference);
        Assert.All(same.Columns, static column => Assert.NotEqual(Verdict.Drift, column.Verdict));
        Assert.Equal(["x1", "x2"], moved.Columns.Where(static column => column is { Verdict: Verdict.Drift, Role: ColumnRole.Feature }).Select(static column => column.Column));
    }
}
