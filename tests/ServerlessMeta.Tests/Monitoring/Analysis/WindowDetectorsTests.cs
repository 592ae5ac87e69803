using System.Collections.Immutable;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Detectors;
using ServerlessMeta.Tests.Monitoring.Streams;

namespace ServerlessMeta.Tests.Monitoring.Analysis;

public sealed class WindowDetectorsTests
{
    private static readonly StreamRow[] Stream = [.. StaggerStream.Rows(5, 3000, (0, 0), (2000, 1))];

    private static readonly StreamRow[] Baseline = [.. StaggerStream.Rows(6, 500, (0, 0))];

    [Fact]
    public void A_change_of_concept_is_heard_in_its_window_and_in_no_other()
    {
        var (memory, alarms) = Run(null, 0, 3000);

        Assert.All(alarms, static alarm => Assert.InRange(alarm.At, Stream[2000].At, Stream[2150].At));
        Assert.Equal(["adwin", "hddm_a"], alarms.Where(static alarm => !alarm.IsWarning).Select(static alarm => alarm.Detector).Distinct().Order(StringComparer.Ordinal));
        Assert.All(alarms, static alarm => Assert.Equal(Stream[(int)alarm.Event - 1].Id, alarm.PredictionId));
        Assert.Equal(3000, DetectorMemory.Read(memory!)!.Events);
    }

    [Fact]
    public void Data_of_the_first_concept_do_not_drift_as_data()
    {
        var result = WindowAnalysis.Analyze(Windows.Of(StaggerStream.Columns, Stream[2000..2500], Baseline)).Result;

        Assert.All(StaggerStream.Columns, column => Assert.NotEqual(Verdict.Drift, result.Column(column).Verdict));
        Assert.Equal(Verdict.Drift, result.Performance("accuracy").Verdict);
    }

    [Fact]
    public void A_window_computed_again_has_its_alarms_still_and_hears_nothing_twice()
    {
        var (memory, _) = Run(null, 0, 2000);
        var first = WindowAnalysis.Analyze(Window(2000, memory));
        var again = WindowAnalysis.Analyze(Window(2000, first.Detectors) with { Revision = 2 });
        var (later, _) = Run(first.Detectors, 2500, 3000);
        var late = WindowAnalysis.Analyze(Window(2000, later) with { Revision = 3 });

        Assert.NotEmpty(first.Result.Alarms);
        Assert.Equal(first.Result.Alarms, again.Result.Alarms);
        Assert.Equal(first.Detectors, again.Detectors);
        Assert.Equal(later, late.Detectors);
        Assert.Equal(first.Result.Alarms, late.Result.Alarms);
    }

    [Fact]
    public void A_window_that_waits_for_labels_is_not_heard()
    {
        var input = Windows.Of(StaggerStream.Columns, Stream[2000..2500], Baseline, static row => row.Index % 10 == 0);

        var waiting = WindowAnalysis.Analyze(input);
        var over = WindowAnalysis.Analyze(input with { Now = input.End.AddDays(31) });

        Assert.Equal((WindowState.Maturing, null), (waiting.Result.State, waiting.Detectors));
        Assert.Equal(50, DetectorMemory.Read(over.Detectors!)!.Events);
    }

    [Fact]
    public void Another_baseline_starts_afresh_from_its_first_window_on()
    {
        var (memory, alarms) = Run(null, 0, 3000);

        var output = WindowAnalysis.Analyze(Window(2000, memory) with { BaselineNumber = 2 });
        var next = WindowAnalysis.Analyze(Window(2500, output.Detectors) with { BaselineNumber = 2 });
        var again = WindowAnalysis.Analyze(Window(2500, next.Detectors) with { BaselineNumber = 2, Revision = 2 });

        var (before, after) = (DetectorMemory.Read(output.Detectors!)!, DetectorMemory.Read(next.Detectors!)!);
        Assert.NotEmpty(alarms);
        Assert.Equal((2, 500, 3, Stream[2499].At), (before.Baseline, before.Events, before.Listeners.Length, before.LastAt));
        Assert.Equal((1000, 3), (after.Events, after.Listeners.Length));
        Assert.Equal(next.Detectors, again.Detectors);
        // The second concept from the start is nothing new.
        Assert.Empty(output.Result.Alarms);
        Assert.Empty(next.Result.Alarms);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Other_detectors_and_another_task_start_afresh_too(bool isTask)
    {
        var (memory, _) = Run(null, 0, 1000);
        var input = Window(500, memory);
        var options = isTask ? input.Options with { Schema = input.Options.Schema with { Task = ModelTask.Multiclass } } : input.Options with { Detectors = [Ddm.GuardedName] };

        var heard = DetectorMemory.Read(WindowAnalysis.Analyze(input with { Options = options }).Detectors!)!;

        Assert.Equal((500, Stream[999].At), (heard.Events, heard.LastAt));
    }

    [Theory]
    [InlineData("2999-12-31T23:59:59Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    public void A_prediction_of_another_time_than_the_windows_makes_no_detector_deaf(string at)
    {
        var input = Window(1500, null);
        var strange = input.Predictions[0] with { Id = "strange", At = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture) };

        var clean = WindowAnalysis.Analyze(input);
        var output = WindowAnalysis.Analyze(input with { Predictions = input.Predictions.Add(strange) });
        var (_, alarms) = Run(output.Detectors, 2000, 3000);

        Assert.Equal(clean.Detectors, output.Detectors);
        Assert.NotEmpty(alarms);
        var remark = output.Result.Performance("detectors");
        Assert.Equal((MetricStatus.Ok, Verdict.None, 500, 501), (remark.Status, remark.Verdict, remark.Value, remark.CurrentCount));
        Assert.Equal(["outsideWindow"], remark.Flags);
        Assert.Contains("1 labelled", remark.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(clean.Result.Performance, static one => one.Metric == "detectors");
    }

    [Fact]
    public void The_end_of_a_window_is_heard_in_the_next_one()
    {
        var input = Window(0, null);
        ImmutableArray<JoinedPrediction> ends = [input.Predictions[0] with { At = input.Start }, input.Predictions[1] with { At = input.End.AddTicks(-1) }, input.Predictions[2] with { At = input.End }];

        var output = WindowAnalysis.Analyze(input with { Predictions = ends });

        Assert.Equal((2, input.End.AddTicks(-1)), (DetectorMemory.Read(output.Detectors!)!.Events, DetectorMemory.Read(output.Detectors!)!.LastAt));
    }

    [Fact]
    public void A_memory_that_cannot_be_read_is_left_as_it_is()
    {
        const string foreign = """{"v":99,"secret":1}""";

        var output = WindowAnalysis.Analyze(Window(2000, foreign));

        Assert.Equal(foreign, output.Detectors);
        Assert.Equal(MetricStatus.NotComputable, output.Result.Performance("detectors").Status);
        Assert.Equal(MetricStatus.Ok, output.Result.Performance("accuracy").Status);
    }

    [Fact]
    public void Those_listen_that_were_chosen()
    {
        var input = Window(2000, null);

        var output = WindowAnalysis.Analyze(input with { Options = input.Options with { Detectors = [Ddm.Name, Kswin.Name] } });

        Assert.Equal([Ddm.Name, Kswin.Name], DetectorMemory.Read(output.Detectors!)!.Listeners.Select(static one => DetectorSet.NameOf(one.Detector)));
    }

    private static AnalysisInput Window(int from, string? memory) => Windows.Of(StaggerStream.Columns, Stream[from..(from + 500)], Baseline, null, memory);

    private static (string? Memory, List<DetectorAlarm> Alarms) Run(string? memory, int from, int to)
    {
        var alarms = new List<DetectorAlarm>();
        for (; from < to; from += 500)
        {
            var output = WindowAnalysis.Analyze(Window(from, memory));
            memory = output.Detectors;
            alarms.AddRange(output.Result.Alarms);
        }
        return (memory, alarms);
    }
}
