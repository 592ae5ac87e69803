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
    private const int AllRecorded = 8;

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

    public static SeriesWatch Restore(int ordinal, string metric, MetricDirection direction, bool isOff, SeriesMemory memory) =>
        new(ordinal, metric, WatchedName.Of(metric), direction) { IsOff = isOff, Memory = memory };

    /// <summary>Begins anew when its direction is another than was thought.</summary>
    public void Turn(MetricDirection to) => (Direction, IsOff, Memory) = (to, false, to == Direction ? Memory : new SeriesMemory());

    /// <returns>Whether it changed anything.</returns>
    public bool Take(StoredPoint point, List<SeenAnomaly> found)
    {
        var isFinite = double.IsFinite(point.Value);
        if (!IsNext(point))
        {
            if (isFinite || Memory.Episodes[(int)AnomalyKind.Nan] > 0)
            {
                return false;
            }
            // Late, but surely the first of its kind.
            Judge(AnomalyKind.Nan, isSeen: true, isOver: false, point, found);
            return true;
        }
        (Memory.IsBegun, Memory.Step, Memory.Timestamp) = (true, point.Step, point.Timestamp);
        Judge(AnomalyKind.Nan, !isFinite, isFinite, point, found);
        var value = Direction is MetricDirection.Max ? -point.Value : point.Value;
        if (isFinite)
        {
            TakeFinite(point, value, found);
        }
        var patience = Math.Max(ShortestPatience, Memory.Count / 4);
        var isStill = Memory.Plateau.Take(value, patience, double.IsFinite(Memory.Plateau.Best) ? SmallestImprovement * Math.Abs(Memory.Plateau.Best) : 0);
        Judge(AnomalyKind.Plateau, isStill, Memory.Plateau.Wait == 0, point, found);
        return true;
    }

    private void TakeFinite(StoredPoint point, double value, List<SeenAnomaly> found)
    {
        var isSpike = Memory.Spike.Take(value, Memory.Window);
        Judge(AnomalyKind.Spike, isSpike, !isSpike, point, found);
        Memory.Smoothed = Memory.Count == 0 ? value : Memory.Smoothed + (DivergenceDetector.Smoothing * (value - Memory.Smoothed));
        var isDiverging = Memory.Divergence.Take(Memory.Count, Memory.Smoothed, Memory.Window);
        Judge(AnomalyKind.Divergence, isDiverging, Memory.Divergence.IsOver(Memory.Smoothed), point, found);
        if (name.IsEvaluation)
        {
            var training = Training is { IsOff: false, Memory: { Count: > 0 } seen } ? seen.Smoothed : double.NaN;
            var isOverfitting = Memory.Overfitting.Take(point.Step, value, Memory.Smoothed, training, Memory.Window);
            Judge(AnomalyKind.Overfitting, isOverfitting, Memory.Overfitting.IsOver(Memory.Smoothed), point, found);
        }
        Memory.Count++;
    }

    private bool IsNext(StoredPoint point) =>
        !Memory.IsBegun || point.Step > Memory.Step || (point.Step == 0 && Memory.Step == 0 && point.Timestamp > Memory.Timestamp);

    // Says it when it begins, and not again before it is over.
    private void Judge(AnomalyKind kind, bool isSeen, bool isOver, StoredPoint point, List<SeenAnomaly> found)
    {
        var bit = (byte)(1 << (int)kind);
        if (isOver)
        {
            Memory.Present &= (byte)~bit;
        }
        if (!isSeen || (Memory.Present & bit) != 0)
        {
            return;
        }
        Memory.Present |= bit;
        var times = ++Memory.Episodes[(int)kind];
        if (times <= AllRecorded || int.IsPow2(times))
        {
            var again = times == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" This is number {times}.");
            found.Add(new SeenAnomaly(kind, metric, point.Step, point.Value, Tell(kind, point.Value) + again));
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
