using System.Collections.Immutable;
using System.Text.Json;
using ServerlessMeta.Platform;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Tests.Triggers;

/// <summary>What is stored and sent of triggers fits, whatever columns and windows are called; and when sending is tried again.</summary>
public sealed class SendingTests
{
    private static readonly Trigger Huge = new()
    {
        Id = new string('a', 32), Rule = new string('r', 100), RuleRevision = 1, Mode = RuleMode.Auto, Model = 1, ModelName = new string('\u6f22', 250), Version = 1, FiredAt = Ruling.Start, At = Ruling.Start, Flight = "f",
        Status = TriggerStatus.Requested,
        Cause = [.. Enumerable.Range(0, 20).Select(static i => new TriggerCause("dataDrift", new string('\u6f22', 203), ">=", 0.1, 1e308, 1, true, new string('\u6f22', 203),
            [.. Enumerable.Range(0, 10).Select(static i => new CauseColumn(new string('\u6f22', 203), new string('\u6f22', 203), 1e308, 5e-324, -1e308, 1e308, 0.1, long.MaxValue))]))],
        Windows = [.. Enumerable.Range(0, 100).Select(static i => new TriggerWindow(new string('\u6f22', 200), Ruling.Start, Ruling.Start, true))],
        Actions = [.. Enumerable.Range(0, 8).Select(static i => new TriggerAction("serviceBus", $"queue{i}", true))],
    };

    [Fact]
    public void The_largest_trigger_fits_its_row_and_reads_as_it_was_written()
    {
        var row = TriggerRow.From(Huge);

        Assert.Null(TableLimits.Broken(row, out _));
        Assert.Equal(TriggerRow.From(TriggerRow.To(row)).GetBinary("t0"), row.GetBinary("t0"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_sent_is_small_and_says_when_it_is_cut(int kind)
    {
        var written = TriggerEvent.Write(Huge, (TriggerEventKind)kind);

        Assert.InRange(written.Length, 1, 60 * 1024);
        using var json = JsonDocument.Parse(written);
        Assert.True(json.RootElement.GetProperty("data").GetProperty("truncated").GetBoolean());
        using var small = JsonDocument.Parse(TriggerEvent.Write(Huge with { Cause = [.. Huge.Cause.Take(1)], Windows = [] }, TriggerEventKind.Fired));
        Assert.False(small.RootElement.GetProperty("data").TryGetProperty("truncated", out _));
    }

    [Fact]
    public void Names_in_sources_and_links_are_escaped()
    {
        var odd = Huge with { ModelName = "a/b c?#%\u00e9", NewVersion = 7 };

        Assert.Equal("/models/a%2Fb%20c%3F%23%25%C3%A9/versions/1", TriggerLinks.SourceOf(odd));
        Assert.Equal("/api/v1/models/a%2Fb%20c%3F%23%25%C3%A9/versions/7", TriggerLinks.Of(odd)["newVersion"]);
        Assert.Equal("/monitors/x%20y", TriggerLinks.SourceOf(odd with { ModelName = null, Model = 0, Monitor = "x y" }));
        Assert.Equal(("/experiments/5", "dev.serverlessmeta.run.anomaly.v1"), (
            TriggerLinks.SourceOf(odd with { ModelName = null, Model = 0, Experiment = "5" }), TriggerEvent.TypeOf(odd with { ModelName = null, Model = 0, Experiment = "5" }, TriggerEventKind.Fired)));
    }

    [Fact]
    public void Waits_grow_from_a_second_to_an_hour_each_a_fifth_more_or_less()
    {
        var waits = Enumerable.Range(1, BusSchedule.Attempts - 1).Select(static attempts => BusSchedule.WaitAfter(attempts, 0.5)).ToImmutableArray();

        Assert.Equal([1, 3, 9, 27, 81, 243, 729, 2187, 3600, 3600, 3600], waits.Select(static wait => wait.TotalSeconds));
        Assert.Equal((0.8, 1.2), (BusSchedule.WaitAfter(1, 0).TotalSeconds, BusSchedule.WaitAfter(1, 1).TotalSeconds));
        Assert.InRange(waits.Sum(static wait => wait.TotalHours), 3.5, 4.5);
    }
}
