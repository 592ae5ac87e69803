using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Counts in buckets whose width grows with the value (C. Masson, J. Rim, H. Lee, "DDSketch", 2019): a positive x is in bucket ceil(log_gamma x), gamma = (1+alpha)/(1-alpha); negative ones
/// are mirrored, zeros are counted apart. Any quantile is off by a share of alpha of its value at most. A side holds 2,048 buckets; those below the greatest 2,048 are one.
/// So sketches merge by adding, in any order.
/// </summary>
internal sealed class DdSketch
{
    public const double UsualAlpha = 0.01;

    public const int MostBuckets = 2_048;

    private readonly double logGamma;
    private readonly Side positive = new(), negative = new();

    /// <param name="alpha">The relative error, from 0.0001 to 0.5.</param>
    public DdSketch(double alpha = UsualAlpha)
    {
        Alpha = alpha;
        Gamma = (1 + alpha) / (1 - alpha);
        logGamma = Math.Log(Gamma);
    }

    public double Alpha { get; }

    public double Gamma { get; }

    public long Zeros { get; private set; }

    /// <summary>Counts by bucket; of negative values by the bucket of what they are without their sign.</summary>
    public IReadOnlyDictionary<int, long> Positive => positive.Buckets;

    public IReadOnlyDictionary<int, long> Negative => negative.Buckets;

    public long Count => Zeros + positive.Buckets.Values.Sum() + negative.Buckets.Values.Sum();

    /// <summary>The bucket of a value greater than 0.</summary>
    public int IndexOf(double value) => (int)Math.Ceiling(Math.Log(value) / logGamma);

    /// <summary>The value that stands for a bucket: no value of it differs by more than a share of alpha.</summary>
    public double ValueOf(int index) => Math.Min(double.MaxValue, 2 * Math.Exp(index * logGamma) / (Gamma + 1));

    public void Add(double value, long times = 1)
    {
        if (value == 0)
        {
            Zeros += times;
        }
        else
        {
            AddBucket(value < 0, IndexOf(Math.Abs(value)), times);
        }
    }

    public void AddBucket(bool isNegative, int index, long times) => (isNegative ? negative : positive).Add(index, times);

    /// <exception cref="ArgumentException">The other has another alpha.</exception>
    public void Merge(DdSketch other)
    {
        if (other.Alpha != Alpha)
        {
            throw new ArgumentException("Sketches with different errors do not merge.", nameof(other));
        }
        AddZeros(other.Zeros);
        foreach (var (index, times) in other.positive.Buckets)
        {
            AddBucket(false, index, times);
        }
        foreach (var (index, times) in other.negative.Buckets)
        {
            AddBucket(true, index, times);
        }
    }

    public void AddZeros(long times) => Zeros += times;

    /// <summary>The value at a quantile from 0 to 1; null when the sketch is empty.</summary>
    public double? Quantile(double quantile)
    {
        var rank = quantile * (Count - 1);
        long before = 0;
        foreach (var (value, times) in Values())
        {
            before += times;
            if (before > rank)
            {
                return value;
            }
        }
        return null;
    }

    /// <summary>Ranges of values and how many there are in each, from the least, within the least and greatest values that there were.</summary>
    public ImmutableArray<(double Low, double High, long Times)> Pieces(double min, double max)
    {
        var pieces = ImmutableArray.CreateBuilder<(double Low, double High, long Times)>();
        foreach (var (index, times) in negative.Buckets.Reverse())
        {
            var lowest = index == negative.Lowest ? 0 : Bound(index - 1);
            pieces.Add((Within(-Bound(index)), Within(-lowest), times));
        }
        if (Zeros > 0)
        {
            pieces.Add((0, 0, Zeros));
        }
        foreach (var (index, times) in positive.Buckets)
        {
            pieces.Add((Within(index == positive.Lowest ? 0 : Bound(index - 1)), Within(Bound(index)), times));
        }
        return pieces.ToImmutable();

        double Within(double value) => Math.Clamp(value, min, max);
    }

    /// <summary>Edges on bounds of buckets, so that about as many values lie between any two: counts on them are exact.</summary>
    public ImmutableArray<double> Edges(int bins, double min, double max)
    {
        var edges = new List<double> { min };
        long before = 0;
        foreach (var (_, high, times) in Pieces(min, max))
        {
            before += times;
            if (before >= (double)Count * edges.Count / bins && high > edges[^1] && high < max)
            {
                edges.Add(high);
            }
        }
        edges.Add(max);
        return [.. edges];
    }

    public void Write(PackedWriter to)
    {
        to.Write(Alpha);
        to.Write((ulong)Zeros);
        foreach (var side in new[] { positive, negative })
        {
            to.Write((ulong)side.Buckets.Count);
            foreach (var (index, times) in side.Buckets)
            {
                to.WriteSigned(index);
                to.Write((ulong)times);
            }
        }
    }

    /// <exception cref="InvalidDataException">It is no sketch.</exception>
    public static DdSketch Read(PackedReader from)
    {
        var alpha = from.ReadFinite();
        if (alpha is < 0.0001 or > 0.5)
        {
            throw PackedReader.Broken();
        }
        var sketch = new DdSketch(alpha);
        sketch.AddZeros(from.ReadLong());
        foreach (var isNegative in new[] { false, true })
        {
            for (var left = from.ReadCount(MostBuckets); left > 0; left--)
            {
                var index = from.ReadSigned();
                sketch.AddBucket(isNegative, index is >= int.MinValue and <= int.MaxValue ? (int)index : throw PackedReader.Broken(), from.ReadLong());
            }
        }
        return sketch;
    }

    private IEnumerable<(double Value, long Times)> Values() =>
        negative.Buckets.Reverse().Select(bucket => (-ValueOf(bucket.Key), bucket.Value))
            .Concat(Zeros > 0 ? [(0d, Zeros)] : [])
            .Concat(positive.Buckets.Select(bucket => (ValueOf(bucket.Key), bucket.Value)));

    private double Bound(int index) => Math.Min(double.MaxValue, Math.Exp(index * logGamma));

    /// <summary>Buckets of one sign. What is too far below the greatest joins the lowest that is kept: by the greatest alone, so that the order of adding does not matter.</summary>
    private sealed class Side
    {
        private int greatest = int.MinValue;

        public SortedDictionary<int, long> Buckets { get; } = [];

        public int Lowest { get; private set; } = int.MaxValue;

        public void Add(int index, long times)
        {
            greatest = Math.Max(greatest, index);
            var floor = (int)Math.Max(int.MinValue, greatest - (MostBuckets - 1L));
            index = Math.Max(index, floor);
            Buckets[index] = Buckets.GetValueOrDefault(index) + times;
            Lowest = Math.Min(Lowest, index);
            if (Lowest >= floor)
            {
                return;
            }
            foreach (var lower in Buckets.Keys.TakeWhile(key => key < floor).ToList())
            {
                Buckets[floor] = Buckets.GetValueOrDefault(floor) + Buckets[lower];
                Buckets.Remove(lower);
            }
            Lowest = Buckets.Keys.First();
        }
    }
}
