namespace ServerlessMeta.Monitoring.Performance;

/// <summary>A rising map from scores to probabilities: isotonic regression by pooling adjacent violators, linear between the ends of its blocks, constant beyond.</summary>
internal sealed class Isotonic
{
    private readonly double[] knots;
    private readonly double[] values;

    private Isotonic(double[] knots, double[] values) => (this.knots, this.values) = (knots, values);

    /// <param name="sorted">By score, the lowest first; not empty. Equal scores are averaged.</param>
    public static Isotonic Fit(IEnumerable<(double Score, bool IsPositive)> sorted)
    {
        var blocks = new List<(double From, double To, double Positives, double Count)>();
        foreach (var (score, isPositive) in sorted)
        {
            var y = isPositive ? 1.0 : 0.0;
            if (blocks is [.., var last] && last.From == score)
            {
                blocks[^1] = (score, score, last.Positives + y, last.Count + 1);
            }
            else
            {
                blocks.Add((score, score, y, 1));
            }
        }
        var pooled = new List<(double From, double To, double Positives, double Count)>(blocks.Count);
        foreach (var block in blocks)
        {
            var next = block;
            // Products, not quotients: whole numbers compare exactly.
            while (pooled is [.., var last] && last.Positives * next.Count >= next.Positives * last.Count)
            {
                next = (last.From, next.To, last.Positives + next.Positives, last.Count + next.Count);
                pooled.RemoveAt(pooled.Count - 1);
            }
            pooled.Add(next);
        }
        var (knots, values) = (new List<double>(), new List<double>());
        foreach (var (from, to, positives, count) in pooled)
        {
            knots.Add(from);
            values.Add(positives / count);
            if (to > from)
            {
                knots.Add(to);
                values.Add(positives / count);
            }
        }
        return new([.. knots], [.. values]);
    }

    public double Map(double score)
    {
        var i = Array.BinarySearch(knots, score);
        if (i >= 0)
        {
            return values[i];
        }
        i = ~i;
        if (i == 0 || i == knots.Length)
        {
            return i == 0 ? values[0] : values[^1];
        }
        var share = (score - knots[i - 1]) / (knots[i] - knots[i - 1]);
        return values[i - 1] + share * (values[i] - values[i - 1]);
    }
}
