using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Detectors;

namespace ServerlessMeta.Tests.Monitoring.Detectors;

public sealed class DetectorMemoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<ImmutableArray<LabelledEvent>> Events = Gen.Select(Gen.Int[0, 20], Gen.Int[0, 3], Gen.Double[0, 1]).Array[0, 400]
        .Select(static some => some.Select(static (one, i) => new LabelledEvent(Start.AddMinutes(i / 3), $"p{i % 3}-{i}", one.Item1 < 4 + i / 80 ? 1 : 0, one.Item2 == 0 ? null : one.Item3)).ToImmutableArray());

    private static readonly Gen<ModelTask> Tasks = Gen.OneOf(Gen.Const(ModelTask.Binary), Gen.Const(ModelTask.Multiclass), Gen.Const(ModelTask.Regression));

    [Fact]
    public void A_detector_goes_on_where_its_json_stopped() =>
        Gen.Select(Gen.OneOf(Gen.Double[0, 1], Gen.Int[0, 1].Select(static i => (double)i)).Array[0, 400], Gen.Int[0, 400], Gen.Int[0, DetectorSet.All.Length - 1]).Sample(static (series, at, kind) =>
        {
            var through = DetectorSet.New(DetectorSet.All[kind]);
            var stopped = DetectorSet.New(DetectorSet.All[kind]);
            for (var i = 0; i < series.Length; i++)
            {
                // A rise in the middle, so that there is something to remember.
                var x = i > series.Length / 2 ? Math.Min(1, series[i] + 0.7) : series[i] * 0.3;
                through.Update(x);
                stopped.Update(x);
                if (i == at)
                {
                    stopped = JsonSerializer.Deserialize(JsonSerializer.Serialize(stopped, DetectorsJson.Default.Detector), DetectorsJson.Default.Detector)!;
                }
                Assert.Equal((through.IsDrift, through.IsWarning), (stopped.IsDrift, stopped.IsWarning));
            }
            Assert.Equal(JsonSerializer.Serialize(through, DetectorsJson.Default.Detector), JsonSerializer.Serialize(stopped, DetectorsJson.Default.Detector));
        });

    [Fact]
    public void Batches_in_order_are_heard_like_the_whole_and_replays_are_not_heard() => Gen.Select(Events, Tasks, Gen.Int[0, 400], Gen.Int[0, 400]).Sample(static (events, task, one, other) =>
    {
        var empty = DetectorMemory.Empty(1, task, DetectorSet.All);
        var first = events.Take(Math.Min(one, other)).ToList();
        var second = events.Take(Math.Max(one, other)).ToList();

        var whole = DetectorSet.Feed(empty, events, 0.2).Write();
        var parts = DetectorSet.Feed(empty, first, 0.2);
        parts = DetectorSet.Feed(DetectorMemory.Read(parts.Write())!, second, 0.2);
        parts = DetectorSet.Feed(parts, events, 0.2);
        parts = DetectorSet.Feed(parts, first, 0.2);

        Assert.Equal(whole, parts.Write());
        Assert.Equal(whole, DetectorSet.Feed(empty, events.Reverse(), 0.2).Write());
    });

    [Fact]
    public void What_comes_late_is_never_heard()
    {
        var memory = DetectorSet.Feed(DetectorMemory.Empty(1, ModelTask.Binary, []), [new(Start, "b", 1, 0.5)], 0.2);

        var later = DetectorSet.Feed(memory, [new(Start, "a", 1, 0.5), new(Start, "b", 0, 0.5), new(Start.AddTicks(-1), "z", 1, null)], 0.2);
        var next = DetectorSet.Feed(memory, [new(Start, "c", 1, 0.5)], 0.2);

        Assert.Equal(memory.Write(), later.Write());
        Assert.Equal(1, memory.Events);
        Assert.Equal(2, next.Events);
        Assert.Equal("c", next.LastId);
    }

    [Fact]
    public void Feeding_changes_nothing_of_what_was_remembered()
    {
        var memory = DetectorSet.Feed(DetectorMemory.Empty(1, ModelTask.Binary, []), Series(0, 100, 0.1), null);
        var before = memory.Write();

        DetectorSet.Feed(memory, Series(100, 500, 0.9), null);

        Assert.Equal(before, memory.Write());
    }

    [Fact]
    public void A_memory_of_another_version_is_none()
    {
        var text = DetectorMemory.Empty(1, ModelTask.Binary, []).Write();

        Assert.NotNull(DetectorMemory.Read(text));
        Assert.Null(DetectorMemory.Read(text.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal)));
        Assert.Null(DetectorMemory.Read("[]"));
        Assert.Null(DetectorMemory.Read("{"));
        Assert.Null(DetectorMemory.Read("{\"v\":1}"));
    }

    [Fact]
    public void Memory_stays_small()
    {
        var memory = DetectorSet.Feed(DetectorMemory.Empty(1, ModelTask.Binary, DetectorSet.All), Series(0, 200_000, 0.3), null);

        Assert.InRange(Encoding.UTF8.GetByteCount(memory.Write()), 1, 30_000);
        Assert.InRange(memory.Alarms.Length, 1, DetectorSet.KeptAlarms);
    }

    [Theory]
    [InlineData(ModelTask.Binary, "adwin error, adwin loss, hddm_a error")]
    [InlineData(ModelTask.Multiclass, "adwin error, hddm_a error")]
    [InlineData(ModelTask.Regression, "adwin error, page_hinkley error")]
    public void The_usual_detectors_listen(ModelTask task, string expected)
    {
        var memory = DetectorSet.Feed(DetectorMemory.Empty(1, task, []), Series(0, 1, 0.5), null);

        Assert.Equal(expected, string.Join(", ", memory.Listeners.Select(static one => $"{DetectorSet.NameOf(one.Detector)} {one.Signal}")));
    }

    [Fact]
    public void A_regression_is_heard_in_units_of_its_usual_error()
    {
        LabelledEvent[] events = [.. Enumerable.Range(0, 1200).Select(static i => new LabelledEvent(Start.AddMinutes(i), $"{i}", 1e6 * (i % 7) * (i < 600 ? 1 : 3), null))];

        var alarms = DetectorSet.Feed(DetectorMemory.Empty(1, ModelTask.Regression, []), events, 3e6).Alarms;

        Assert.Equal(["adwin", "page_hinkley"], alarms.Select(static one => one.Detector).Distinct().Order(StringComparer.Ordinal));
        Assert.All(alarms, static alarm => Assert.InRange(alarm.Event, 601, 900));
    }

    private static IEnumerable<LabelledEvent> Series(int from, int to, double rate) =>
        Enumerable.Range(from, to - from).Select(i => new LabelledEvent(Start.AddSeconds(i), $"{i:d8}", i * 7919 % 1000 < rate * 1000 ? 1 : 0, i * 104729 % 1000 / 1000.0));
}
