using System.Buffers.Binary;

namespace ServerlessMeta.RunWatch;

/// <summary>
/// The newest values of a series that did not stand out, the oldest first, turned so that less is better. Kept in single precision, which halves what a run's row carries and is far finer than any threshold here.
/// </summary>
internal sealed class SeriesWindow
{
    public const int Length = 20;

    // The median of distances makes a standard deviation of normal noise: of values from their median, and of neighbours from each other.
    private const double DeviationOfMedian = 1.4826;
    private const double DeviationOfDifferences = 1.0484;

    private readonly float[] values = new float[Length];
    private readonly float[] sorted = new float[Length];

    public int Count { get; private set; }

    public bool IsFull => Count == Length;

    public double Last => values[Count - 1];

    public void Push(double value)
    {
        var added = (float)Math.Clamp(value, float.MinValue, float.MaxValue);
        if (IsFull)
        {
            var gone = Array.BinarySearch(sorted, values[0]);
            Array.Copy(sorted, gone + 1, sorted, gone, Length - gone - 1);
            Array.Copy(values, 1, values, 0, Length - 1);
            Count--;
        }
        values[Count] = added;
        var place = Array.BinarySearch(sorted, 0, Count, added);
        place = place < 0 ? ~place : place;
        Array.Copy(sorted, place, sorted, place + 1, Count - place);
        sorted[place] = added;
        Count++;
    }

    public void Clear() => Count = 0;

    /// <summary>The mean of the newest so many values.</summary>
    public double MeanOf(int most)
    {
        var from = Math.Max(0, Count - most);
        double sum = 0;
        for (var i = from; i < Count; i++)
        {
            sum += values[i];
        }
        return sum / (Count - from);
    }

    /// <summary>How far a value stands above the median, in robust standard deviations: (v - med) / max(1.4826 MAD, 1e-9, 1e-3 |med|). Not above it: 0.</summary>
    public double RobustZ(double value)
    {
        var median = Median(sorted.AsSpan(0, Count));
        var above = value - median;
        var floor = Math.Max(1e-9, 1e-3 * Math.Abs(median));
        return above <= 0 ? 0 : above / Math.Max(DeviationOfMedian * DeviationFrom(median), floor);
    }

    /// <summary>The standard deviation of the noise: by the differences of neighbours, so that a trend counts little.</summary>
    public double Noise()
    {
        if (Count < 2)
        {
            return 0;
        }
        Span<float> differences = stackalloc float[Count - 1];
        for (var i = 1; i < Count; i++)
        {
            differences[i - 1] = Math.Abs(values[i] - values[i - 1]);
        }
        differences.Sort();
        return DeviationOfDifferences * Median(differences);
    }

    public void Write(List<byte> to)
    {
        to.Add((byte)Count);
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, values[i]);
            to.AddRange(bytes);
        }
    }

    public void Read(ref ReadOnlySpan<byte> from)
    {
        var count = from[0];
        from = from[1..];
        Clear();
        for (var i = 0; i < count; i++)
        {
            Push(BinaryPrimitives.ReadSingleLittleEndian(from));
            from = from[4..];
        }
    }

    // The median distance from the median: outwards from the middle, always the nearer neighbour.
    private double DeviationFrom(double median)
    {
        var (below, above) = ((Count - 1) / 2, ((Count - 1) / 2) + 1);
        double before = 0, distance = 0;
        for (var taken = 0; taken <= Count / 2; taken++)
        {
            before = distance;
            var (down, up) = (below >= 0 ? median - sorted[below] : double.MaxValue, above < Count ? sorted[above] - median : double.MaxValue);
            if (down <= up)
            {
                (distance, below) = (down, below - 1);
            }
            else
            {
                (distance, above) = (up, above + 1);
            }
        }
        return Count % 2 == 1 ? distance : (before + distance) / 2;
    }

    private static double Median(ReadOnlySpan<float> ordered) =>
        ordered.Length == 0 ? 0 : ((double)ordered[ordered.Length / 2] + ordered[(ordered.Length - 1) / 2]) / 2;
}
