using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Quantiles of a stream in little memory (Z. Karnin, K. Lang, E. Liberty, "Optimal quantile approximation in streams", 2016). A value of level h stands for 2^h values; a full level is
/// sorted, and every other value, the odd or the even ones by a random bit, goes up a level. The bits come from a seed, so the same stream gives the same sketch.
/// Its ranks have an error, which a test would take for drift: p-values are never computed from it.
/// </summary>
internal sealed class KllSketch
{
    /// <summary>k of sketches that are made here: a rank error of 0.27 % with 99 %.</summary>
    public const int Usual = 1_024;

    public const int MostK = 65_535;

    private const int LeastCapacity = 8;
    private const int MostLevels = 60;

    private readonly SeededBits bits;
    private readonly List<List<double>> levels = [[]];
    private int size, capacity;

    public KllSketch(int k, ulong seed)
    {
        K = k;
        bits = new SeededBits(seed);
        capacity = CapacityOf(k, 1);
    }

    public int K { get; }

    public long Count { get; private set; }

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; } = double.NegativeInfinity;

    /// <summary>The levels' values, the lowest level first.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Levels => levels;

    /// <summary>How far a rank may be off with 99 %, as a share: of one value, or of a share of the mass.</summary>
    public static double RankError(int k, bool ofMass) => ofMass ? 2.446 / Math.Pow(k, 0.9433) : 2.296 / Math.Pow(k, 0.9723);

    /// <summary>The values that a level holds: k (2/3)^depth, rounded, in whole numbers.</summary>
    /// <param name="k">Of the sketch.</param>
    /// <param name="height">0 for the lowest.</param>
    /// <param name="count">Levels there are.</param>
    public static int LevelCapacity(int k, int height, int count)
    {
        var depth = count - 1 - height;
        return Math.Max(LeastCapacity, depth <= 30 ? Shrunk(k, depth) : Shrunk(Shrunk(k, depth / 2), depth - (depth / 2)));

        static int Shrunk(int k, int depth)
        {
            var power = 1L;
            for (var i = 0; i < depth; i++)
            {
                power *= 3;
            }
            return (int)(((((Int128)k << (depth + 1)) / power) + 1) >> 1);
        }
    }

    public void Add(double value)
    {
        (Min, Max) = (Math.Min(Min, value), Math.Max(Max, value));
        Count++;
        levels[0].Add(value);
        size++;
        if (size >= capacity)
        {
            Compress();
        }
    }

    /// <summary>Adds what another holds: level to level.</summary>
    public void Merge(KllSketch other)
    {
        (Min, Max) = (Math.Min(Min, other.Min), Math.Max(Max, other.Max));
        Count += other.Count;
        for (var height = 0; height < other.levels.Count; height++)
        {
            if (height == levels.Count)
            {
                AddLevel();
            }
            levels[height] = height == 0 ? [.. levels[0], .. other.levels[0]] : Merge(levels[height], other.levels[height]);
        }
        size = levels.Sum(static level => level.Count);
        while (size >= capacity)
        {
            Compress();
        }
    }

    /// <summary>Bins between its quantiles, with the counts that it estimates.</summary>
    public NumericBins ToBins(int binCount)
    {
        var sorted = Weighted();
        var quantiles = new double[binCount + 1];
        (quantiles[0], quantiles[^1]) = (Min, Max);
        long before = 0;
        var at = 0;
        for (var i = 1; i < binCount; i++)
        {
            var wanted = (double)Count * i / binCount;
            while (at < sorted.Count - 1 && before + sorted[at].Weight <= wanted)
            {
                before += sorted[at++].Weight;
            }
            quantiles[i] = sorted[at].Value;
        }
        return ToBins(QuantileEdges.OfQuantiles(quantiles));
    }

    /// <summary>The counts that it estimates on given edges.</summary>
    public NumericBins ToBins(ImmutableArray<double> edges)
    {
        var counter = new BinCounter(edges);
        foreach (var (value, weight) in Weighted())
        {
            counter.Add(value, weight);
        }
        return counter.ToBins();
    }

    public void Write(PackedWriter to)
    {
        to.Write((ulong)K);
        to.Write(bits.State);
        to.Write((ulong)Count);
        to.Write((ulong)levels.Count);
        foreach (var level in levels)
        {
            to.Write([.. level]);
        }
        if (Count > 0)
        {
            to.Write(Min);
            to.Write(Max);
        }
    }

    /// <exception cref="InvalidDataException">It is no sketch.</exception>
    public static KllSketch Read(PackedReader from)
    {
        var k = from.ReadCount(MostK);
        var sketch = new KllSketch(k < LeastCapacity ? throw PackedReader.Broken() : k, from.ReadUnsigned());
        var count = from.ReadLong();
        var stored = new List<ImmutableArray<double>>();
        for (var left = from.ReadCount(MostLevels); left > 0; left--)
        {
            stored.Add(from.ReadDoubles(2 * MostK));
        }
        var (min, max) = count > 0 ? (from.ReadFinite(), from.ReadFinite()) : (double.PositiveInfinity, double.NegativeInfinity);
        return Of(k, sketch.bits.State, stored, min, max) is { } read && read.Count == count ? read : throw PackedReader.Broken();
    }

    /// <summary>A sketch that was made elsewhere; null when its levels cannot be one's.</summary>
    public static KllSketch? Of(int k, ulong seed, IReadOnlyList<ImmutableArray<double>> given, double min, double max)
    {
        if (given.Count is 0 or > MostLevels)
        {
            return null;
        }
        var sketch = new KllSketch(k, seed);
        sketch.levels.Clear();
        for (var height = 0; height < given.Count; height++)
        {
            var level = given[height];
            if (level.Any(value => !(value >= min && value <= max)) || level.Length > long.MaxValue >> (height + 3))
            {
                return null;
            }
            sketch.levels.Add([.. height == 0 ? level : level.Sort()]);
            sketch.Count = checked(sketch.Count + ((long)level.Length << height));
            sketch.size += level.Length;
        }
        sketch.capacity = CapacityOf(k, given.Count);
        (sketch.Min, sketch.Max) = (min, max);
        return sketch;
    }

    private List<(double Value, long Weight)> Weighted() =>
        [.. levels.SelectMany(static (level, height) => level.Select(value => (value, 1L << height))).OrderBy(static one => one.value)];

    /// <summary>Halves the lowest full level.</summary>
    private void Compress()
    {
        var height = 0;
        while (height < levels.Count - 1 && levels[height].Count < LevelCapacity(K, height, levels.Count))
        {
            height++;
        }
        if (height == levels.Count - 1)
        {
            AddLevel();
        }
        var level = levels[height];
        level.Sort();
        var odd = level.Count & 1;
        var offset = odd + (int)(bits.Next() >> 63);
        var up = new List<double>(level.Count / 2);
        for (var i = offset; i < level.Count; i += 2)
        {
            up.Add(level[i]);
        }
        level.RemoveRange(odd, level.Count - odd);
        levels[height + 1] = Merge(levels[height + 1], up);
        size = levels.Sum(static one => one.Count);
    }

    private void AddLevel()
    {
        levels.Add([]);
        capacity = CapacityOf(K, levels.Count);
    }

    private static int CapacityOf(int k, int count) => Enumerable.Range(0, count).Sum(height => LevelCapacity(k, height, count));

    private static List<double> Merge(List<double> a, List<double> b)
    {
        var merged = new List<double>(a.Count + b.Count);
        var (i, j) = (0, 0);
        while (i < a.Count && j < b.Count)
        {
            merged.Add(a[i] <= b[j] ? a[i++] : b[j++]);
        }
        merged.AddRange(a[i..]);
        merged.AddRange(b[j..]);
        return merged;
    }
}
