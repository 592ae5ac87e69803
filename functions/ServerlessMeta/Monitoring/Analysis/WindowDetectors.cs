using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Monitoring.Detectors;
using ServerlessMeta.Monitoring.Performance;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>
/// Lets the detectors hear a window's labels: once it is closed, so that most of them are there, in the order of predictions. What comes late changes the window's metrics only: a detector never goes back.
/// A prediction whose time is not the window's is not heard: one of the far future would make all that come after it late, for ever.
/// </summary>
internal static class WindowDetectors
{
    private const string Metric = "detectors";

    /// <param name="labelled">In order, each once.</param>
    /// <returns>What they remember now; the window's alarms, those of an earlier revision included (as far as they are remembered); and what they could not hear, if there is any.</returns>
    public static (string? Memory, ImmutableArray<DetectorAlarm> Alarms, MetricResult? Remark) Hear(AnalysisInput input, IReadOnlyList<JoinedPrediction> baseline, IReadOnlyList<JoinedPrediction> labelled, WindowState state)
    {
        var (task, names) = (input.Options.Schema.Task, input.Options.Detectors.IsDefault ? [] : input.Options.Detectors);
        var memory = input.Detectors is { } text ? DetectorMemory.Read(text) : DetectorMemory.Empty(input.BaselineNumber, task, names);
        if (memory is null)
        {
            // It stays as it is: a newer version of this program, which runs beside during an update, can read it.
            var unread = new MetricResult { Metric = Metric, Status = MetricStatus.NotComputable, Method = "none", Reason = "What the detectors remember is not of this version." };
            return (input.Detectors, [], unread);
        }
        if (task is ModelTask.None || state is not WindowState.Closed)
        {
            return (input.Detectors, AlarmsOf(memory, input), null);
        }
        if (memory.Baseline != input.BaselineNumber || memory.Task != task || !memory.Names.SequenceEqual(names, StringComparer.Ordinal))
        {
            // Afresh from this window on: what was heard before says nothing by the new terms, but windows before keep their alarms.
            memory = DetectorMemory.Empty(input.BaselineNumber, task, names) with { LastAt = input.Start, Alarms = [.. memory.Alarms.Where(alarm => alarm.At < input.Start)] };
        }
        var usual = memory.Usual is null && memory.Listeners.IsEmpty ? Mean(baseline, input.Options.Schema) : null;
        var own = labelled.Where(one => one.At >= input.Start && one.At < input.End).ToList();
        memory = DetectorSet.Feed(memory, Events(own, input.Options.Schema), usual);
        return (memory.Write(), AlarmsOf(memory, input), own.Count == labelled.Count ? null : LeftOut(own.Count, labelled.Count - own.Count));
    }

    private static MetricResult LeftOut(int heard, int others) => new()
    {
        Metric = Metric,
        Status = MetricStatus.Ok,
        Value = heard,
        Method = "count",
        CurrentCount = heard + others,
        Flags = ["outsideWindow"],
        Reason = string.Create(CultureInfo.InvariantCulture, $"{others} labelled predictions were not heard: their times are not in the window."),
    };

    private static ImmutableArray<DetectorAlarm> AlarmsOf(DetectorMemory memory, AnalysisInput input) =>
        [.. memory.Alarms.Where(alarm => alarm.At >= input.Start && alarm.At < input.End)];

    private static double? Mean(IReadOnlyList<JoinedPrediction> baseline, PredictionSchema schema)
    {
        var errors = new Spread();
        foreach (var one in Events(baseline, schema))
        {
            errors.Add(one.Error);
        }
        return errors.Mean;
    }

    private static IEnumerable<LabelledEvent> Events(IEnumerable<JoinedPrediction> predictions, PredictionSchema schema)
    {
        var words = new ClassWords(schema);
        foreach (var one in predictions)
        {
            if (schema.Task is ModelTask.Regression)
            {
                if (NumberAccumulator.Number(one.Label) is { } label && NumberAccumulator.Number(one.Prediction) is { } prediction)
                {
                    yield return new(one.At, one.Id, Math.Abs(prediction - label), null);
                }
            }
            else if (words.Pair(one) is { } pair)
            {
                double? loss = schema.Task is ModelTask.Binary && one.Score is >= 0 and <= 1 ? ClassAccumulator.SquaredLoss(one.Score.Value, pair.Actual == words.Positive) : null;
                yield return new(one.At, one.Id, pair.Actual == pair.Predicted ? 0 : 1, loss);
            }
        }
    }
}
