using System.Numerics;

namespace ServerlessMeta.Previews;

/// <summary>
/// Estimates how many hashes differ: P. Flajolet, E. Fusy, O. Gandouet and F. Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation
/// algorithm" (2007). With m registers the standard error is 1.04 / sqrt(m): here m = 4,096, so 1.6 %, and about 99 of 100 estimates are within 4.2 %.
/// Their estimate is some percent too high where it changes from counting empty registers to averaging, about 2.5 m; so the registers are read by O. Ertl's formula
/// ("New cardinality estimation algorithms for HyperLogLog sketches", 2017), which has the same error and no such place.
/// </summary>
internal sealed class HyperLogLog
{
    public const double StandardError = 1.04 / 64;

    public const int RegisterCount = Registers;

    private const int Precision = 12;
    private const int Registers = 1 << Precision;
    private const int MaxRank = 64 - Precision + 1;

    private readonly byte[] registers = new byte[Registers];

    /// <summary>What is kept of all hashes; <see cref="Merge"/> adds it to another.</summary>
    public ReadOnlySpan<byte> State => registers;

    /// <summary>As if the other's hashes had been added here: the greater of each pair of registers.</summary>
    /// <exception cref="InvalidDataException">It is no state.</exception>
    public void Merge(ReadOnlySpan<byte> state)
    {
        if (state.Length != Registers || state.ContainsAnyInRange((byte)(MaxRank + 1), byte.MaxValue))
        {
            throw new InvalidDataException("These are no HyperLogLog registers.");
        }
        for (var i = 0; i < registers.Length; i++)
        {
            registers[i] = Math.Max(registers[i], state[i]);
        }
    }

    public void Add(ulong hash)
    {
        var register = (int)(hash >> (64 - Precision));
        // The place of the first one bit in the rest; the bit set below it bounds that when the rest is all zeros.
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Precision) | (1UL << (Precision - 1))) + 1);
        registers[register] = Math.Max(registers[register], rank);
    }

    public long Estimate()
    {
        Span<int> counts = stackalloc int[MaxRank + 1];
        foreach (var rank in registers)
        {
            counts[rank]++;
        }
        var sum = Registers * Tau((double)(Registers - counts[MaxRank]) / Registers);
        for (var rank = MaxRank - 1; rank >= 1; rank--)
        {
            sum = (sum + counts[rank]) / 2;
        }
        sum += Registers * Sigma((double)counts[0] / Registers);
        return (long)Math.Round(Registers / (2 * Math.Log(2)) * Registers / sum);
    }

    /// <summary>The share of empty registers, corrected: x + the sum of x^(2^k) 2^(k-1).</summary>
    private static double Sigma(double x)
    {
        if (x >= 1)
        {
            return double.PositiveInfinity;
        }
        double weight = 1, sum = x, before;
        do
        {
            x *= x;
            before = sum;
            sum += x * weight;
            weight *= 2;
        }
        while (sum > before);
        return sum;
    }

    /// <summary>The share of full registers, corrected: a third of 1 - x - the sum of (1 - x^(2^-k))^2 2^-k.</summary>
    private static double Tau(double x)
    {
        if (x is <= 0 or >= 1)
        {
            return 0;
        }
        double weight = 1, sum = 1 - x, before;
        do
        {
            x = Math.Sqrt(x);
            before = sum;
            weight /= 2;
            sum -= (1 - x) * (1 - x) * weight;
        }
        while (sum < before);
        return sum / 3;
    }
}
