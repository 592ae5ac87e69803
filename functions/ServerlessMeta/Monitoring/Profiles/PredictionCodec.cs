using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Predictions as stored bytes: the version, then blocks of up to 4,096, each with its length and packed by Deflate, so that they are read one block at a time. In a block stand all ids
/// (what each shares with the one before, and its end), all times (differences), predictions and labels (places in a dictionary), scores, and times of labels. Instants are whole milliseconds.
/// </summary>
internal static class PredictionCodec
{
    public const byte Version = 1;

    private const int BlockSize = 4_096;

    /// <summary>What a block takes at most, packed; unpacked eight times that.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    public static byte[] Write(IEnumerable<JoinedPrediction> predictions)
    {
        using var all = new MemoryStream();
        all.WriteByte(Version);
        foreach (var block in predictions.Chunk(BlockSize))
        {
            using var packed = new MemoryStream();
            using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                deflate.Write(WriteBlock(block).Written);
            }
            var length = new byte[Varint.MaxSize];
            all.Write(length, 0, Varint.Write(length, (ulong)packed.Length));
            packed.WriteTo(all);
        }
        return all.ToArray();
    }

    /// <exception cref="InvalidDataException">The version is not known, or these are no predictions.</exception>
    public static ImmutableArray<JoinedPrediction> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != Version)
        {
            throw UnknownVersion();
        }
        var predictions = ImmutableArray.CreateBuilder<JoinedPrediction>();
        for (bytes = bytes[1..]; !bytes.IsEmpty;)
        {
            var length = Varint.Read(ref bytes);
            if (length > MostBytes || length > (ulong)bytes.Length)
            {
                throw PackedReader.Broken();
            }
            predictions.AddRange(ReadBlock(new MemoryStream(bytes[..(int)length].ToArray())));
            bytes = bytes[(int)length..];
        }
        return predictions.DrainToImmutable();
    }

    /// <summary>A block at a time.</summary>
    /// <exception cref="InvalidDataException">The version is not known, or these are no predictions.</exception>
    public static async IAsyncEnumerable<JoinedPrediction> ReadAsync(Stream from, [EnumeratorCancellation] CancellationToken ct)
    {
        var head = new byte[1];
        if (await from.ReadAtLeastAsync(head, 1, throwOnEndOfStream: false, ct) == 0 || head[0] != Version)
        {
            throw UnknownVersion();
        }
        while (await ReadLengthAsync(from, head, ct) is { } length)
        {
            // A block that breaks off does not get the memory that it claims at once.
            using var packed = new MemoryStream();
            await CopyAsync(from, packed, length, ct);
            packed.Position = 0;
            foreach (var prediction in ReadBlock(packed))
            {
                yield return prediction;
            }
        }
    }

    private static InvalidDataException UnknownVersion() => new("The version of stored predictions is not known.");

    private static PackedWriter WriteBlock(JoinedPrediction[] block)
    {
        var to = new PackedWriter();
        to.Write((ulong)block.Length);
        var before = "";
        foreach (var prediction in block)
        {
            var shared = prediction.Id.AsSpan().CommonPrefixLength(before);
            // A pair of surrogates stays together.
            shared -= shared > 0 && char.IsHighSurrogate(before[shared - 1]) ? 1 : 0;
            to.Write((ulong)shared);
            to.Write(prediction.Id[shared..]);
            before = prediction.Id;
        }
        long last = 0;
        foreach (var prediction in block)
        {
            var at = prediction.At.ToUnixTimeMilliseconds();
            to.WriteSigned(at - last);
            last = at;
        }
        WriteTexts(to, [.. block.Select(static prediction => prediction.Prediction)]);
        WriteTexts(to, [.. block.Select(static prediction => prediction.Label)]);
        foreach (var prediction in block)
        {
            to.Write(prediction.Score is null ? (byte)0 : (byte)1);
        }
        to.Write([.. block.Where(static prediction => prediction.Score is not null).Select(static prediction => prediction.Score!.Value)]);
        foreach (var prediction in block)
        {
            to.Write(prediction.LabelAt is null ? (byte)0 : (byte)1);
        }
        foreach (var prediction in block)
        {
            if (prediction.LabelAt is { } labelled)
            {
                to.WriteSigned(labelled.ToUnixTimeMilliseconds() - prediction.At.ToUnixTimeMilliseconds());
            }
        }
        return to;
    }

    private static JoinedPrediction[] ReadBlock(MemoryStream packed)
    {
        using var unpacked = new DeflateStream(packed, CompressionMode.Decompress);
        var from = new PackedReader(unpacked, 8L * MostBytes);
        var count = from.ReadCount(BlockSize);
        var (ids, times) = (new string[count], new long[count]);
        var before = "";
        for (var i = 0; i < count; i++)
        {
            before = ids[i] = string.Concat(before.AsSpan(0, from.ReadCount(before.Length)), from.ReadText());
            if (before.Length > PredictionCollector.LongestId)
            {
                throw PackedReader.Broken();
            }
        }
        long last = 0;
        for (var i = 0; i < count; i++)
        {
            last = times[i] = unchecked(last + from.ReadSigned());
        }
        var (predictions, labels) = (ReadTexts(from, count), ReadTexts(from, count));
        var hasScores = ReadFlags(from, count);
        var scores = from.ReadDoubles(count);
        var hasTimes = ReadFlags(from, count);
        if (scores.Length != hasScores.Count(static has => has))
        {
            throw PackedReader.Broken();
        }
        var (block, score) = (new JoinedPrediction[count], 0);
        for (var i = 0; i < count; i++)
        {
            block[i] = new JoinedPrediction(
                ids[i], Instant(times[i]), predictions[i], hasScores[i] ? scores[score++] : null, labels[i], hasTimes[i] ? Instant(unchecked(times[i] + from.ReadSigned())) : null);
        }
        return from.IsAtEnd() ? block : throw PackedReader.Broken();
    }

    /// <summary>The different texts in the order in which they come, then the place of each from 1; 0 is none.</summary>
    private static void WriteTexts(PackedWriter to, string?[] texts)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (text is not null)
            {
                places.TryAdd(text, places.Count + 1);
            }
        }
        to.Write((ulong)places.Count);
        foreach (var text in places.Keys)
        {
            to.Write(text);
        }
        foreach (var text in texts)
        {
            to.Write(text is null ? 0UL : (ulong)places[text]);
        }
    }

    private static string?[] ReadTexts(PackedReader from, int count)
    {
        var different = new List<string?> { null };
        for (var left = from.ReadCount(count); left > 0; left--)
        {
            different.Add(from.ReadText());
        }
        var texts = new string?[count];
        foreach (ref var text in texts.AsSpan())
        {
            text = different[from.ReadCount(different.Count - 1)];
        }
        return texts;
    }

    private static bool[] ReadFlags(PackedReader from, int count)
    {
        var flags = new bool[count];
        foreach (ref var flag in flags.AsSpan())
        {
            flag = from.ReadCount(1) == 1;
        }
        return flags;
    }

    private static DateTimeOffset Instant(long milliseconds) =>
        milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : throw PackedReader.Broken();

    /// <summary>Null at the end.</summary>
    private static async ValueTask<int?> ReadLengthAsync(Stream from, byte[] one, CancellationToken ct)
    {
        var length = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            if (await from.ReadAtLeastAsync(one, 1, throwOnEndOfStream: false, ct) == 0)
            {
                return shift == 0 ? null : throw PackedReader.Broken();
            }
            length |= (one[0] & 0x7F) << shift;
            if (one[0] < 0x80)
            {
                return length <= MostBytes ? length : throw PackedReader.Broken();
            }
        }
        throw PackedReader.Broken();
    }

    private static async Task CopyAsync(Stream from, MemoryStream to, int length, CancellationToken ct)
    {
        var buffer = new byte[Math.Min(length, 64 * 1024)];
        for (var left = length; left > 0;)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), ct);
            if (read == 0)
            {
                throw PackedReader.Broken();
            }
            to.Write(buffer, 0, read);
            left -= read;
        }
    }
}
