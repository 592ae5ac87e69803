using System.Collections.Immutable;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Tests.Monitoring.Performance;
using ServerlessMeta.Tests.Monitoring.Streams;

namespace ServerlessMeta.Tests.Monitoring.Analysis;

public sealed class WindowStateTests
{
    private static readonly DateTimeOffset End = StreamRow.Start.AddDays(1);

    [Theory]
    [InlineData(-0.1, 10, WindowState.Open)]
    [InlineData(0, 10, WindowState.Closed)]
    [InlineData(0, 5, WindowState.Closed)]
    [InlineData(0, 4, WindowState.Maturing)]
    [InlineData(29.9, 4, WindowState.Maturing)]
    [InlineData(30, 4, WindowState.Closed)]
    [InlineData(30, 0, WindowState.Closed)]
    [InlineData(1, 0, WindowState.Maturing)]
    public void A_window_matures_until_enough_labels_are_there_or_none_are_waited_for(double days, int labels, WindowState expected) =>
        Assert.Equal(expected, State(days, labels, Windows.For(Some.Binary)));

    [Fact]
    public void Nothing_is_waited_for_without_a_task_or_ids()
    {
        Assert.Equal(WindowState.Closed, State(0, 0, Windows.For(PredictionSchema.None)));
        Assert.Equal(WindowState.Closed, State(0, 0, Windows.For(Some.Binary with { Id = null, Label = null })));
        Assert.Equal(WindowState.Open, State(-0.1, 0, Windows.For(PredictionSchema.None)));
    }

    [Fact]
    public void Labels_are_waited_for_as_long_as_is_said()
    {
        var input = Windows.Of(Rows(0), Windows.For(Some.Binary)) with { Now = End.AddDays(40), LabelsUntil = End.AddDays(41) };

        Assert.Equal(WindowState.Maturing, WindowAnalysis.Analyze(input).Result.State);
        Assert.Equal(WindowState.Closed, WindowAnalysis.Analyze(input with { Now = End.AddDays(41) }).Result.State);
        Assert.Equal(WindowState.Closed, WindowAnalysis.Analyze(input with { LabelsUntil = null }).Result.State);
    }

    [Theory]
    [InlineData(-1, 10, 0L, WindowState.Open)]
    [InlineData(0, 10, 0L, WindowState.Closed)]
    [InlineData(0, 0, 0L, WindowState.Closed)]
    [InlineData(0, 4, 1L, WindowState.Maturing)]
    [InlineData(1, 4, 1L, WindowState.Closed)]
    [InlineData(-1, 4, -5L, WindowState.Open)]
    [InlineData(0, 4, -5L, WindowState.Closed)]
    public void A_window_ends_and_labels_are_due_on_the_tick(long tick, int labels, long until, WindowState expected)
    {
        var input = Windows.Of(Rows(labels), Windows.For(Some.Binary)) with { Now = End.AddTicks(tick), LabelsUntil = End.AddTicks(until) };

        Assert.Equal(expected, WindowAnalysis.Analyze(input).Result.State);
        if (until >= 0)
        {
            Assert.Equal(expected, WindowAnalysis.Analyze(input with { LabelsUntil = null, Options = input.Options with { MaxLabelLag = TimeSpan.FromTicks(until) } }).Result.State);
        }
    }

    [Fact]
    public void The_times_of_labels_are_told()
    {
        var result = WindowAnalysis.Analyze(Windows.Of(Rows(3), Windows.For(Some.Binary))).Result;

        Assert.Equal((StreamRow.Start.AddHours(1), StreamRow.Start.AddHours(3)), (result.FirstLabel, result.LastLabel));
        Assert.Equal((10, 3), (result.Predictions, result.Labelled));
        Assert.Null(WindowAnalysis.Analyze(Windows.Of(Rows(0), Windows.For(Some.Binary))).Result.FirstLabel);
    }

    private static WindowState State(double days, int labels, AnalysisOptions options) =>
        WindowAnalysis.Analyze(Windows.Of(Rows(labels), options) with { Now = End.AddDays(days) }).Result.State;

    private static ImmutableArray<JoinedPrediction> Rows(int labels) =>
        [.. Enumerable.Range(0, 10).Select(i => new JoinedPrediction($"{i}", StreamRow.Start.AddMinutes(i), "1", 0.5, i < labels ? "1" : null, i < labels ? StreamRow.Start.AddHours(i + 1) : null))];
}
