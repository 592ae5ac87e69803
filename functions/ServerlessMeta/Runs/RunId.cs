using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Experiments;

namespace ServerlessMeta.Runs;

/// <summary>
/// 32 hex digits that route: experiment number (40 bits), log2 of the partition count (4), Unix milliseconds (44), random (40).
/// The partition is the low bits of the random part, so (experiment, partition, row) follow from the id alone.
/// </summary>
public readonly record struct RunId : IParsable<RunId>, IComparable<RunId>
{
    private RunId(UInt128 bits) => Bits = bits;

    internal UInt128 Bits { get; }

    public ExperimentId Experiment => new((long)(Bits >> 88));

    /// <summary>log2 of the partition count of the experiment when the run was made.</summary>
    public int PartitionBits => (int)(Bits >> 84) & 0xF;

    public int Partition => (int)(ulong)Bits & ((1 << PartitionBits) - 1);

    public static RunId New(ExperimentId experiment, int partitionBits, DateTimeOffset at)
    {
        Span<byte> random = stackalloc byte[8];
        RandomNumberGenerator.Fill(random);
        return Make(experiment, partitionBits, at, BinaryPrimitives.ReadUInt64LittleEndian(random));
    }

    /// <summary>The id that a key names: the same at every call. Its milliseconds are no time.</summary>
    public static RunId Of(ExperimentId experiment, int partitionBits, string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var milliseconds = (long)(BinaryPrimitives.ReadUInt64LittleEndian(hash) & ((1UL << 44) - 1));
        return Make(experiment, partitionBits, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(8)));
    }

    public static RunId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is no run id.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RunId result)
    {
        result = default;
        if (s is not { Length: 32 })
        {
            return false;
        }
        UInt128 bits = 0;
        foreach (var c in s)
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }
            bits = (bits << 4) | (uint)(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        // No run has the number of none.
        result = new RunId(bits);
        return bits != 0;
    }

    internal static RunId From(UInt128 bits) => new(bits);

    public int CompareTo(RunId other) => Bits.CompareTo(other.Bits);

    public override string ToString() => Bits == 0
        ? throw new InvalidOperationException("A default run id was used.")
        : Bits.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    internal static RunId Make(ExperimentId experiment, int partitionBits, DateTimeOffset at, ulong random) => new(
        ((UInt128)experiment.Number << 88) | ((UInt128)(uint)(partitionBits & 0xF) << 84)
        | ((UInt128)((ulong)at.ToUnixTimeMilliseconds() & ((1UL << 44) - 1)) << 40) | (random & ((1UL << 40) - 1)));
}
