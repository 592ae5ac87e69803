using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Detectors;
using ServerlessMeta.Monitoring.Performance;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>
/// Lets the detectors hear a window's labels: once it is closed, so that most of them are there, in the order of predictions. What comes late changes the window's metrics only: a detector never goes back.
/// </summary>
internal static class WindowDetectors
{
    /// <param name="labelled">In order, each once.</param>
    /// <returns>What they remember now; the window's alarms, those of an earlier revision included (as far as they are remembered); and why they could not listen, if so.</returns>
    public static (string? Memory, ImmutableArray<DetectorAlarm> Alarms, MetricResult? Fault) Hear(AnalysisInput input, IReadOnlyList<JoinedPrediction> baseline, IReadOnlyList<JoinedPrediction> labelled, WindowState state)
    {
        var (task, names) = (input.Options.Schema.Task, input.Options.Detectors.IsDefault ? [] : input.Options.Detectors);
        var memory = input.Detectors is { } text ? DetectorMemory.Read(text) : DetectorMemory.Empty(input.BaselineNumber, task, names);
        if (memory is null)
        {
            // It stays as it is: a newer version of this program, which runs beside during an update, can read it.
            var fault = new MetricResult { Metric = "detectors", Status = MetricStatus.NotComputable, Method = "none", Reason = "What the detectors remember is not of this version." };
            return (input.Detectors, [], fault);
        }
        if (task is ModelTask.None || state is not WindowState.Closed)
        {
            return (input.Detectors, AlarmsOf(memory, input), null);
        }
        if (memory.Baseline != input.BaselineNumber || memory.Task != task || !memory.Names.SequenceEqual(names, StringComparer.Ordinal))
        {
            // Afresh, but what was heard is not heard again.
            memory = DetectorMemory.Empty(input.BaselineNumber, task, names) with { LastAt = memory.LastAt, LastId = memory.LastId, Events = memory.Events, Alarms = memory.Alarms };
        }
        var usual = memory.Usual is null && memory.Listeners.IsEmpty ? Mean(baseline, input.Options.Schema) : null;
        memory = DetectorSet.Feed(memory, Events(labelled, input.Options.Schema), usual);
        return (memory.Write(), AlarmsOf(memory, input), null);
    }

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
