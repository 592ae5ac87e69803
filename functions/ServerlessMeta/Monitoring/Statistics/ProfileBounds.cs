namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// What exact counts in shared cells say for certain of the distances of the raw values. With d the difference F_a - F_b at a cell's left end and p, q the cell's shares:
/// inside the cell F_a - F_b stays within [d - q, d + p].
/// </summary>
internal static class ProfileBounds
{
    /// <summary>The statistic of Kolmogorov and Smirnov is at least the greatest |d| at an end, and at most the greatest of d + p and q - d. A cell that holds one number only adds nothing.</summary>
    public static (double Low, double High) KolmogorovSmirnov(BinPair pair)
    {
        var (a, b, low, high) = (0.0, 0.0, 0.0, 0.0);
        for (var cell = 0; cell < pair.Reference.Length; cell++)
        {
            // Sums of counts are exact, so that the end of the last cell is 0 and equal shares differ by 0.
            var (nextA, nextB) = (a + pair.Reference[cell], b + pair.Current[cell]);
            if (!pair.IsPoint(cell))
            {
                high = Math.Max(high, Math.Max((nextA / pair.ReferenceTotal) - (b / pair.CurrentTotal), (nextB / pair.CurrentTotal) - (a / pair.ReferenceTotal)));
            }
            (a, b) = (nextA, nextB);
            low = Math.Max(low, Math.Abs((a / pair.ReferenceTotal) - (b / pair.CurrentTotal)));
        }
        return (low, Math.Max(low, high));
    }

    /// <summary>
    /// The Wasserstein distance with F_a - F_b taken as straight within a cell of width w; it is off by at most the sum of w (p + q)/2. The bounds use the narrower one of that and of what d - q and d + p allow,
    /// and that no distance is less than that of the means.
    /// </summary>
    public static WassersteinBounds Wasserstein(BinPair pair, double meanDifference = 0)
    {
        var (d, straight, error, least, most) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var cell = 0; cell < pair.Reference.Length; cell++)
        {
            var (p, q) = (pair.Reference[cell] / pair.ReferenceTotal, pair.Current[cell] / pair.CurrentTotal);
            var width = pair.Ends[cell + 1] - pair.Ends[cell];
            var next = d + p - q;
            if (width > 0)
            {
                var (from, to) = (Math.Abs(d), Math.Abs(next));
                straight += width * (d * next >= 0 ? (from + to) / 2 : ((from * from) + (to * to)) / (2 * (from + to)));
                error += width * (p + q) / 2;
                least += width * Math.Max(0, Math.Max(d - q, -(d + p)));
                most += width * Math.Max(d + p, q - d);
            }
            d = next;
        }
        var mean = Math.Abs(meanDifference);
        // The distance of the means carries the rounding of its sums.
        var low = Math.Max(Math.Max(straight - error, least), double.IsFinite(mean) ? mean * (1 - 1e-9) : 0);
        return new(straight, error, Math.Min(low, Math.Min(straight + error, most)), Math.Min(straight + error, most));
    }
}
