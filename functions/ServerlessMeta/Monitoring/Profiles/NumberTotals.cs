using System.Collections.Immutable;
using System.Numerics;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>What is kept of the finite numbers of a column whatever its bins are: moments, range, distinct values.</summary>
internal sealed class NumberTotals
{
    private readonly HyperLogLog distinct = new();

    public Moments Moments { get; private set; }

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; } = double.NegativeInfinity;

    public double Distinct => distinct.Estimate();

    public ImmutableArray<byte> Registers => [.. distinct.State];

    public void Add(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return;
        }
        Moments = Moments.Merge(Moments, Moments.Of(values));
        var (least, greatest) = Range(values);
        Min = Math.Min(Min, least);
        Max = Math.Max(Max, greatest);
        foreach (var value in values)
        {
            distinct.Add(ValueHash.Of(value));
        }
    }

    private static (double Least, double Greatest) Range(ReadOnlySpan<double> values)
    {
        var (least, greatest) = (values[0], values[0]);
        var at = 0;
        if (values.Length >= Vector<double>.Count)
        {
            var (low, high) = (new Vector<double>(values), new Vector<double>(values));
            for (; at <= values.Length - Vector<double>.Count; at += Vector<double>.Count)
            {
                var some = new Vector<double>(values[at..]);
                low = Vector.Min(low, some);
                high = Vector.Max(high, some);
            }
            for (var i = 0; i < Vector<double>.Count; i++)
            {
                (least, greatest) = (Math.Min(least, low[i]), Math.Max(greatest, high[i]));
            }
        }
        for (; at < values.Length; at++)
        {
            (least, greatest) = (Math.Min(least, values[at]), Math.Max(greatest, values[at]));
        }
        return (least, greatest);
    }
}
