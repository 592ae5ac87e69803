using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Metrics;
using ServerlessMeta.Runs;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>Draws the trend of a metric in each of some runs: at most 30 points.</summary>
internal static class SparkReader
{
    private const int MostPoints = 30;
    private const int Parallel = 16;
    private const double Width = 100;
    private const double Height = 24;

    /// <summary>One or two operations for each run. A run that has fewer than two points, or is gone, has no trend.</summary>
    public static async Task<IReadOnlyList<Spark>> ReadAsync(ImmutableArray<RunId> runs, string metric, MetricHistory histories, CancellationToken ct)
    {
        using var side = new SemaphoreSlim(Parallel);
        var all = await Task.WhenAll(runs.Select(async run =>
        {
            await side.WaitAsync(ct);
            try
            {
                var points = await histories.ListAsync(run, metric, null, null, ct);
                return points.IsOk ? Of(run, points.Value.Items) : null;
            }
            finally
            {
                side.Release();
            }
        }));
        return [.. all.OfType<Spark>()];
    }

    private static Spark? Of(RunId run, ImmutableArray<MetricPoint> points)
    {
        var shown = MetricSample.Take([.. points.Where(static point => double.IsFinite(point.Value))], long.MinValue, long.MaxValue, MostPoints);
        if (shown.Length < 2)
        {
            return null;
        }
        var (low, high) = (shown.Min(static point => point.Value), shown.Max(static point => point.Value));
        var (first, last) = (shown[0].Step, shown[^1].Step);
        var line = string.Join(' ', shown.Select((point, place) => string.Create(CultureInfo.InvariantCulture, $"{X(point, place):0.#},{(high > low ? Height - (Height * ((point.Value - low) / (high - low))) : Height / 2):0.#}")));
        return new Spark(run.ToString(), line, $"From {Figures.Text(shown[0].Value)} to {Figures.Text(shown[^1].Value)}, least {Figures.Text(low)}, greatest {Figures.Text(high)}");

        // Points without steps of their own stand side by side.
        double X(MetricPoint point, int place) => last > first ? Width * (point.Step - first) / ((double)last - first) : Width * place / (shown.Length - 1);
    }
}
