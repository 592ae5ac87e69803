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

    public double Least => sorted[0];

    public void Push(double value)
    {
        var added = Single(value);
        var place = Count;
        if (IsFull)
        {
            // The place of the oldest in the order becomes that of the newest.
            place = sorted.IndexOf(values[0]);
            values.AsSpan(1).CopyTo(values);
            Count--;
        }
        values[Count++] = added;
        for (; place > 0 && sorted[place - 1] > added; place--)
        {
            sorted[place] = sorted[place - 1];
        }
        for (; place < Count - 1 && sorted[place + 1] < added; place++)
        {
            sorted[place] = sorted[place + 1];
        }
        sorted[place] = added;
    }

    /// <summary>In single precision; what is beyond its range at its end.</summary>
    public static float Single(double value) => (float)Math.Clamp(value, float.MinValue, float.MaxValue);

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

    /// <summary>Whether <see cref="RobustZ"/> of a full window is more than <paramref name="z"/>.</summary>
    public bool IsBeyond(double value, double z)
    {
        // Ten of twenty values lie between these two, so at least ten are as far from the median as the nearer of them: the median distance is no less than half of that. Most values need no more.
        var median = Median(sorted);
        var apart = Math.Min(sorted[(3 * Length / 4)] - median, median - sorted[(Length / 4) - 1]);
        return value - median > z * DeviationOfMedian * apart / 2 && RobustZ(value) > z;
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
            differences[i - 1] = Math.Min(Math.Abs(values[i] - values[i - 1]), float.MaxValue);
        }
        differences.Sort();
        return DeviationOfDifferences * Median(differences);
    }

    /// <summary>The newest value, the widest distance from it, and the others' distances in 65,535 parts of that: two bytes a value, and finer than any noise it is judged by.</summary>
    public void Write(List<byte> to)
    {
        to.Add((byte)Count);
        if (Count == 0)
        {
            return;
        }
        var last = values[Count - 1];
        float widest = 0;
        for (var i = 0; i < Count - 1; i++)
        {
            widest = Math.Max(widest, Math.Min(Math.Abs(values[i] - last), float.MaxValue));
        }
        Span<byte> bytes = stackalloc byte[8 + (2 * (Length - 1))];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, last);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[4..], widest);
        for (var i = 0; i < Count - 1; i++)
        {
            var part = widest == 0 ? 0 : Math.Clamp((values[i] - (double)last) / widest, -1, 1);
            BinaryPrimitives.WriteInt16LittleEndian(bytes[(8 + (2 * i))..], (short)Math.Round(part * short.MaxValue));
        }
        to.AddRange(bytes[..(8 + (2 * (Count - 1)))]);
    }

    public void Read(ref ReadOnlySpan<byte> from)
    {
        var count = from[0];
        from = from[1..];
        Clear();
        if (count == 0)
        {
            return;
        }
        var (last, widest) = (BinaryPrimitives.ReadSingleLittleEndian(from), BinaryPrimitives.ReadSingleLittleEndian(from[4..]));
        from = from[8..];
        for (var i = 0; i < count - 1; i++)
        {
            Push(last + ((double)widest * BinaryPrimitives.ReadInt16LittleEndian(from) / short.MaxValue));
            from = from[2..];
        }
        Push(last);
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
