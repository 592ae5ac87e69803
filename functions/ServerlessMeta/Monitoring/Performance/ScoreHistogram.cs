namespace ServerlessMeta.Monitoring.Performance;

/// <summary>Scores from 0 to 1 by class, in 1,001 bins: bin i is [i/1000, (i+1)/1000), and 1 has a bin of its own. Counts, so it merges exactly, in any order.</summary>
internal sealed class ScoreHistogram
{
    private const int Steps = 1000;

    private const int Thresholds = 100;

    private readonly long[] positives = new long[Steps + 1];
    private readonly long[] negatives = new long[Steps + 1];

    public long Positives { get; private set; }

    public long Negatives { get; private set; }

    public void Add(double score, bool isPositive)
    {
        var bin = Floor(score, Steps);
        if (isPositive)
        {
            positives[bin]++;
            Positives++;
        }
        else
        {
            negatives[bin]++;
            Negatives++;
        }
    }

    public void Merge(ScoreHistogram other)
    {
        for (var i = 0; i <= Steps; i++)
        {
            positives[i] += other.positives[i];
            negatives[i] += other.negatives[i];
        }
        Positives += other.Positives;
        Negatives += other.Negatives;
    }

    /// <summary>The area under the ROC curve within a bound: half of what shares a bin may be in either order. Null for one class.</summary>
    public (double Value, double Bound)? RocAuc()
    {
        if (Positives == 0 || Negatives == 0)
        {
            return null;
        }
        var (below, sum, tied) = (0L, 0.0, 0.0);
        for (var i = 0; i <= Steps; i++)
        {
            tied += (double)positives[i] * negatives[i];
            sum += positives[i] * (below + 0.5 * negatives[i]);
            below += negatives[i];
        }
        var pairs = (double)Positives * Negatives;
        return (sum / pairs, 0.5 * tied / pairs);
    }

    /// <summary>The grid of 101 thresholds, 0 to 1: what is called positive at a score of at least the threshold, exactly.</summary>
    public IReadOnlyList<ThresholdCounts> Grid()
    {
        var grid = new ThresholdCounts[Thresholds + 1];
        var (truly, falsely) = (0L, 0L);
        for (var i = Steps; i >= 0; i--)
        {
            truly += positives[i];
            falsely += negatives[i];
            if (i % (Steps / Thresholds) == 0)
            {
                var threshold = i / (Steps / Thresholds);
                grid[threshold] = new(threshold / (double)Thresholds, truly, falsely, Positives - truly, Negatives - falsely);
            }
        }
        return grid;
    }

    /// <summary>The greatest i with i/steps at most the score: the product alone may round to the next one.</summary>
    internal static int Floor(double score, int steps)
    {
        var i = Math.Clamp((int)(score * steps), 0, steps);
        while (i < steps && (i + 1.0) / steps <= score)
        {
            i++;
        }
        while (i > 0 && (double)i / steps > score)
        {
            i--;
        }
        return i;
    }
}
