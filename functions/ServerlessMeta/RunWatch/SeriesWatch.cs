using System.Globalization;
using ServerlessMeta.Metrics;

namespace ServerlessMeta.RunWatch;

/// <summary>
/// The watch of one series: what it needs to know of all points so far, in some hundred bytes. Points count in the order of their steps: one that comes late, again, or for a step that was seen
/// is passed over. A series whose steps are all 0 goes by its timestamps.
/// </summary>
internal sealed class SeriesWatch(int ordinal, string metric, WatchedName name, MetricDirection direction)
{
    private const int ShortestPatience = 20;
    private const double SmallestImprovement = 1e-3;

    // The first so many of a kind are all recorded, then each time they have doubled: a series that never rests does not fill the table.
    private const int AllRecorded = 4;

    public int Ordinal => ordinal;

    public string Metric => metric;

    public WatchedName Name => name;

    public MetricDirection Direction { get; private set; } = direction;

    /// <summary>Not to be watched, though it was.</summary>
    public bool IsOff { get; set; }

    /// <summary>The same in training; null for a series in training itself, or when there is none.</summary>
    public SeriesWatch? Training { get; set; }

    /// <summary>What is stored of it; see <see cref="SeriesCodec"/>.</summary>
    public SeriesMemory Memory { get; private set; } = new();

    /// <summary>The newest point that waits to be taken in, by (step, timestamp).</summary>
    public (long Step, long Timestamp) Queued { get; set; } = (long.MinValue, long.MinValue);

    /// <summary>The highest step of the points that wait to be compared with it.</summary>
    public long Compared { get; set; } = long.MinValue;

    public static SeriesWatch Restore(int ordinal, string metric, MetricDirection direction, bool isOff, SeriesMemory memory) =>
        new(ordinal, metric, WatchedName.Of(metric), direction) { IsOff = isOff, Memory = memory };

    /// <summary>Begins anew when its direction is another than was thought.</summary>
    public void Turn(MetricDirection to) => (Direction, IsOff, Memory) = (to, false, to == Direction ? Memory : new SeriesMemory());

    public void Take(in StoredPoint point, List<SeenAnomaly> found)
    {
        var memory = Memory;
        var isFinite = double.IsFinite(point.Value);
        if (!IsNext(point))
        {
            if (!isFinite && memory.Episodes[(int)AnomalyKind.Nan] == 0)
            {
                // Late, but surely the first of its kind.
                Judge(1 << (int)AnomalyKind.Nan, 0, point, found);
            }
            return;
        }
        (memory.IsBegun, memory.Step, memory.Timestamp) = (true, point.Step, point.Timestamp);
        var value = Direction is MetricDirection.Max ? -point.Value : point.Value;
        var (seen, over) = isFinite ? TakeFinite(point.Step, value, memory) : (1 << (int)AnomalyKind.Nan, 0);
        var least = float.IsFinite(memory.Plateau.Best) ? SmallestImprovement * Math.Abs(memory.Plateau.Best) : 0;
        seen |= Bit(memory.Plateau.Take(value, Math.Max(ShortestPatience, memory.Count / 4), least), AnomalyKind.Plateau);
        over |= Bit(memory.Plateau.Wait == 0, AnomalyKind.Plateau);
        if ((seen | memory.Present) != 0)
        {
            Judge(seen, over, point, found);
        }
    }

    private (int Seen, int Over) TakeFinite(long step, double value, SeriesMemory memory)
    {
        var isSpike = memory.Spike.Take(value, memory.Window);
        memory.Smoothed = SeriesWindow.Single(memory.Count == 0 ? value : memory.Smoothed + (DivergenceDetector.Smoothing * (value - memory.Smoothed)));
        var seen = Bit(isSpike, AnomalyKind.Spike) | Bit(memory.Divergence.Take(memory.Count, memory.Smoothed, memory.Window), AnomalyKind.Divergence);
        var over = Bit(true, AnomalyKind.Nan) | Bit(!isSpike, AnomalyKind.Spike) | Bit(memory.Divergence.IsOver(memory.Smoothed), AnomalyKind.Divergence);
        if (name.IsEvaluation)
        {
            var training = Training is { IsOff: false, Memory: { Count: > 0 } trained } ? trained.Smoothed : float.NaN;
            seen |= Bit(memory.Overfitting.Take(step, SeriesWindow.Single(value), memory.Smoothed, training, memory.Window), AnomalyKind.Overfitting);
            over |= Bit(memory.Overfitting.IsOver(memory.Smoothed), AnomalyKind.Overfitting);
        }
        memory.Count++;
        return (seen, over);
    }

    private static int Bit(bool isSet, AnomalyKind kind) => isSet ? 1 << (int)kind : 0;

    private bool IsNext(in StoredPoint point) =>
        !Memory.IsBegun || point.Step > Memory.Step || (point.Step == 0 && Memory.Step == 0 && point.Timestamp > Memory.Timestamp);

    // Says it when it begins, and not again before it is over. Both are bits, one a kind.
    private void Judge(int seen, int over, in StoredPoint point, List<SeenAnomaly> found)
    {
        var lasting = Memory.Present & ~over;
        Memory.Present = (byte)(lasting | seen);
        for (var kind = AnomalyKind.Nan; (int)kind < AnomalyKinds.Count; kind++)
        {
            if ((seen & ~lasting & (1 << (int)kind)) == 0)
            {
                continue;
            }
            var times = ++Memory.Episodes[(int)kind];
            if (times <= AllRecorded || int.IsPow2(times))
            {
                var again = times == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" This is number {times}.");
                found.Add(new SeenAnomaly(kind, metric, point.Step, point.Value, Tell(kind, point.Value) + again));
            }
        }
    }

    private string Tell(AnomalyKind kind, double value) => kind switch
    {
        AnomalyKind.Nan => double.IsNaN(value) ? "The value is not a number." : "The value is infinite.",
        AnomalyKind.Spike => string.Create(CultureInfo.InvariantCulture, $"{value:G4} stands far out: the mean of the {Math.Min(Memory.Window.Count, SpikeDetector.MeanLength)} values before it is {Turned(Memory.Window.MeanOf(SpikeDetector.MeanLength)):G4}."),
        AnomalyKind.Divergence => string.Create(CultureInfo.InvariantCulture, $"The smoothed value, {Turned(Memory.Smoothed):G4}, has been more than 20 % worse than its best, {Turned(Memory.Divergence.Best):G4}, for {DivergenceDetector.Steps} points."),
        AnomalyKind.Plateau => string.Create(CultureInfo.InvariantCulture, $"No better than {Turned(Memory.Plateau.Best):G4} for {Memory.Plateau.Wait} points."),
        AnomalyKind.Overfitting => string.Create(CultureInfo.InvariantCulture, $"The smoothed value, {Turned(Memory.Smoothed):G4}, has been more than 5 % worse than the best, {Turned(Memory.Overfitting.Best):G4} at step {Memory.Overfitting.BestStep}, for {OverfittingDetector.Steps} points, while {Training?.Metric} went on getting better."),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private double Turned(double value) => Direction is MetricDirection.Max ? -value : value;
}
