namespace ServerlessMeta.Monitoring.Performance;

/// <summary>The mean of numbers and their spread around it, mergeable in any order to the same bits.</summary>
internal sealed class Spread
{
    private readonly ExactSum sum = new();
    private readonly ExactSum squares = new();

    public long Count { get; private set; }

    /// <summary>Null for no numbers, or numbers too large to sum.</summary>
    public double? Mean => Count > 0 && sum.IsFinite ? sum.Read().High / Count : null;

    /// <summary>The sum of squared differences from the mean; null as the mean, or when squares overflow.</summary>
    public double? Scatter
    {
        get
        {
            if (Count == 0 || !sum.IsFinite || !squares.IsFinite)
            {
                return null;
            }
            // Squares less (sum * sum / n), in twice the digits of a double: the difference may be tiny beside both.
            var (s, below) = sum.Read();
            var (q, qBelow) = squares.Read();
            var product = s * s;
            var rest = Math.FusedMultiplyAdd(s, s, -product) + 2 * s * below;
            var mean = product / Count;
            var meanRest = (Math.FusedMultiplyAdd(-mean, Count, product) + rest) / Count;
            var scatter = q - mean + (qBelow - meanRest);
            return double.IsFinite(scatter) ? Math.Max(0, scatter) : null;
        }
    }

    /// <summary>With the divisor n-1; null for fewer than two.</summary>
    public double? Variance => Count > 1 && Scatter is { } scatter ? scatter / (Count - 1) : null;

    /// <summary>Of the mean.</summary>
    public double? Error => Variance is { } variance ? Math.Sqrt(variance / Count) : null;

    public void Add(double x)
    {
        Count++;
        sum.Add(x);
        var square = x * x;
        squares.Add(square);
        squares.Add(Math.FusedMultiplyAdd(x, x, -square));
    }

    public void Merge(Spread other)
    {
        Count += other.Count;
        sum.Merge(other.sum);
        squares.Merge(other.squares);
    }
}
