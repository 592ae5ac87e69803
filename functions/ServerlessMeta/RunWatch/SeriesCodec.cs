using System.Buffers.Binary;
using ServerlessMeta.Platform;

namespace ServerlessMeta.RunWatch;

/// <summary>
/// Watched series in a binary property, some 75 bytes each: the format's number, how many writes in the run's row and how many metrics it covers, then of each series its metric's ordinal, flags, and
/// what it remembers. A chunk of a format that is not known (newer code wrote it) is kept as it is, and its run is not watched.
/// </summary>
internal static class SeriesCodec
{
    private const byte Format = 1;
    private const byte IsMax = 1;
    private const byte IsOff = 2;
    private const byte IsEvaluation = 4;
    private const byte IsBegun = 8;

    /// <param name="covered">How many writes in the run's row it covers.</param>
    /// <param name="metrics">How many metrics it knows.</param>
    /// <param name="series">Those that are watched.</param>
    public static byte[] Encode(int covered, int metrics, IEnumerable<SeriesWatch> series)
    {
        var to = new List<byte>(768) { Format, checked((byte)covered) };
        Add(to, (ulong)metrics);
        foreach (var one in series)
        {
            var memory = one.Memory;
            Add(to, (ulong)one.Ordinal);
            to.Add((byte)((one.Direction is MetricDirection.Max ? IsMax : 0) | (one.IsOff ? IsOff : 0) | (one.Name.IsEvaluation ? IsEvaluation : 0) | (memory.IsBegun ? IsBegun : 0)));
            to.Add(memory.Present);
            Add(to, Varint.Fold(memory.Step));
            Add(to, memory.Step == 0 ? Varint.Fold(memory.Timestamp) : 0);
            Add(to, (ulong)memory.Count);
            foreach (var times in memory.Episodes)
            {
                Add(to, (ulong)times);
            }
            Add(to, memory.Smoothed);
            memory.Window.Write(to);
            to.Add(memory.Spike.Flagged);
            Add(to, memory.Divergence.Best);
            to.Add(memory.Divergence.Run);
            Add(to, memory.Plateau.Best);
            Add(to, (ulong)memory.Plateau.Wait);
            if (one.Name.IsEvaluation)
            {
                Add(to, memory.Overfitting.Best);
                Add(to, Varint.Fold(memory.Overfitting.BestStep));
                Add(to, memory.Overfitting.TrainingAtBest);
                to.Add(memory.Overfitting.Run);
            }
        }
        return [.. to];
    }

    /// <summary>The same chunk, that covers none of the writes in the run's row.</summary>
    public static byte[] Uncover(byte[] chunk) => chunk is [Format, _, .. var rest] ? [Format, 0, .. rest] : chunk;

    /// <param name="chunk">What <see cref="Encode"/> made.</param>
    /// <param name="metricOf">The name of the metric that has an ordinal.</param>
    /// <returns>Null when the format is not known.</returns>
    public static (int Covered, int Metrics, List<SeriesWatch> Series)? Decode(ReadOnlySpan<byte> chunk, Func<int, string> metricOf)
    {
        if (chunk.IsEmpty || chunk[0] != Format)
        {
            return null;
        }
        var from = chunk[1..];
        var (covered, metrics) = (Take(ref from), (int)Varint.Read(ref from));
        var series = new List<SeriesWatch>();
        while (!from.IsEmpty)
        {
            var ordinal = (int)Varint.Read(ref from);
            var flags = Take(ref from);
            var memory = new SeriesMemory
            {
                IsBegun = (flags & IsBegun) != 0,
                Present = Take(ref from),
                Step = Varint.Unfold(Varint.Read(ref from)),
                Timestamp = Varint.Unfold(Varint.Read(ref from)),
                Count = (int)Varint.Read(ref from),
            };
            for (var kind = 0; kind < AnomalyKinds.Count; kind++)
            {
                memory.Episodes[kind] = (int)Varint.Read(ref from);
            }
            memory.Smoothed = TakeSingle(ref from);
            memory.Window.Read(ref from);
            memory.Spike = new SpikeDetector(Take(ref from));
            memory.Divergence = new DivergenceDetector(TakeSingle(ref from), Take(ref from));
            memory.Plateau = new PlateauDetector(TakeSingle(ref from), (int)Varint.Read(ref from));
            if ((flags & IsEvaluation) != 0)
            {
                memory.Overfitting = new OverfittingDetector(TakeSingle(ref from), Varint.Unfold(Varint.Read(ref from)), TakeSingle(ref from), Take(ref from));
            }
            series.Add(SeriesWatch.Restore(ordinal, metricOf(ordinal), (flags & IsMax) != 0 ? MetricDirection.Max : MetricDirection.Min, (flags & IsOff) != 0, memory));
        }
        return (covered, metrics, series);
    }

    private static void Add(List<byte> to, ulong value)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxSize];
        to.AddRange(bytes[..Varint.Write(bytes, value)]);
    }

    private static void Add(List<byte> to, float value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        to.AddRange(bytes);
    }

    private static byte Take(ref ReadOnlySpan<byte> from)
    {
        var value = from[0];
        from = from[1..];
        return value;
    }

    private static float TakeSingle(ref ReadOnlySpan<byte> from)
    {
        var value = BinaryPrimitives.ReadSingleLittleEndian(from);
        from = from[4..];
        return value;
    }
}
