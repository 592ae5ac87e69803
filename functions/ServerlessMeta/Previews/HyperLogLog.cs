using System.Numerics;

namespace ServerlessMeta.Previews;

/// <summary>
/// Estimates how many hashes differ: P. Flajolet, E. Fusy, O. Gandouet and F. Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation
/// algorithm" (2007), with 64-bit hashes, so that their correction for large ranges is not needed. With m registers the standard error is 1.04 / sqrt(m):
/// here m = 4,096, so 1.6 %, and an estimate is within 5 % in more than 99 of 100 cases.
/// </summary>
internal sealed class HyperLogLog
{
    public const double StandardError = 1.04 / 64;

    private const int Precision = 12;
    private const int Registers = 1 << Precision;

    private readonly byte[] registers = new byte[Registers];

    public void Add(ulong hash)
    {
        var register = (int)(hash >> (64 - Precision));
        // The place of the first one bit in the rest; the bit set below it bounds that when the rest is all zeros.
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Precision) | (1UL << (Precision - 1))) + 1);
        registers[register] = Math.Max(registers[register], rank);
    }

    public long Estimate()
    {
        double sum = 0;
        var zeros = 0;
        foreach (var rank in registers)
        {
            sum += Math.ScaleB(1, -rank);
            zeros += rank == 0 ? 1 : 0;
        }
        const double Alpha = 0.7213 / (1 + (1.079 / Registers));
        var raw = Alpha * Registers * Registers / sum;
        // Few values are counted by the registers that none of them fell into.
        return (long)Math.Round(raw <= 2.5 * Registers && zeros > 0 ? Registers * Math.Log((double)Registers / zeros) : raw);
    }
}
