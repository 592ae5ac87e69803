namespace ServerlessMeta.RunWatch;

/// <summary>
/// A value that stands far above those before it (less is better). Two rules, either is enough: Lightning's, worse than the last and |v - mean of 10| >= 2 |mean| from the second value on,
/// which tells of losses, whose values are positive; and a robust z of more than 6 over 20 values. What is flagged stays out of both. After ten in a row the level has changed: it begins anew.
/// </summary>
internal struct SpikeDetector
{
    public const int MeanLength = 10;
    private const double RelativeTolerance = 2;
    private const double HighestZ = 6;
    private const int NewLevel = 10;

    private byte flagged;

    public SpikeDetector(byte flagged) => this.flagged = flagged;

    /// <summary>How many in a row were flagged.</summary>
    public readonly byte Flagged => flagged;

    /// <param name="value">Finite.</param>
    /// <param name="window">Takes the value in unless it is flagged.</param>
    /// <returns>Whether it is flagged.</returns>
    public bool Take(double value, SeriesWindow window)
    {
        var isSpike = window.Count > 0 && IsSpike(value, window);
        if (isSpike && flagged < NewLevel)
        {
            flagged++;
            return true;
        }
        if (isSpike)
        {
            window.Clear();
        }
        flagged = 0;
        window.Push(value);
        return false;
    }

    private static bool IsSpike(double value, SeriesWindow window)
    {
        // A mean is no less than the least, so most values need none.
        if (value > window.Last && value >= (1 + RelativeTolerance) * window.Least)
        {
            var mean = window.MeanOf(MeanLength);
            if (mean > 0 && value - mean >= RelativeTolerance * mean)
            {
                return true;
            }
        }
        return window.IsFull && window.IsBeyond(value, HighestZ);
    }
}
