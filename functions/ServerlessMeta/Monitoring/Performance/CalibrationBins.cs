namespace ServerlessMeta.Monitoring.Performance;

/// <summary>Ten bins of equal width of scores from 0 to 1 (the last is closed): what was said, and what came true.</summary>
internal sealed class CalibrationBins
{
    private const int Bins = 10;

    private readonly long[] counts = new long[Bins];
    private readonly long[] positives = new long[Bins];
    private readonly ExactSum[] scores = [.. Enumerable.Range(0, Bins).Select(static _ => new ExactSum())];

    public void Add(double score, bool isPositive)
    {
        var bin = Math.Min(Bins - 1, ScoreHistogram.Floor(score, Bins));
        counts[bin]++;
        positives[bin] += isPositive ? 1 : 0;
        scores[bin].Add(score);
    }

    public void Merge(CalibrationBins other)
    {
        for (var i = 0; i < Bins; i++)
        {
            counts[i] += other.counts[i];
            positives[i] += other.positives[i];
            scores[i].Merge(other.scores[i]);
        }
    }

    /// <summary>The expected calibration error: the mean, over rows, of how far their bin's mean score is from its share of positives.</summary>
    public double? Error()
    {
        var (sum, count) = (0.0, counts.Sum());
        for (var i = 0; i < Bins; i++)
        {
            sum += Math.Abs(scores[i].Read().High - positives[i]);
        }
        return count == 0 ? null : sum / count;
    }
}
