using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Ascending whole numbers from 1 as runs: the gap to the run before, and its length, as varints. A thousand numbers in a row take as many bytes as one.</summary>
internal static class NumberRuns
{
    public static byte[] Encode(IEnumerable<int> ascending)
    {
        var packed = new MemoryStream();
        Span<byte> buffer = stackalloc byte[2 * Varint.MaxSize];
        var (start, length, end) = (0, 0, 0);
        foreach (var number in ascending)
        {
            if (length > 0 && number == start + length)
            {
                length++;
                continue;
            }
            end = Flush(packed, buffer, start, length, end);
            (start, length) = (number, 1);
        }
        Flush(packed, buffer, start, length, end);
        return packed.ToArray();
    }

    public static IEnumerable<int> Decode(byte[]? packed)
    {
        var numbers = new List<int>();
        var rest = (ReadOnlySpan<byte>)packed;
        var at = 0;
        while (!rest.IsEmpty)
        {
            at += (int)Varint.Read(ref rest);
            for (var left = (int)Varint.Read(ref rest); left > 0; left--)
            {
                numbers.Add(at++);
            }
        }
        return numbers;
    }

    private static int Flush(MemoryStream packed, Span<byte> buffer, int start, int length, int end)
    {
        if (length == 0)
        {
            return end;
        }
        var at = Varint.Write(buffer, (ulong)(start - end));
        at += Varint.Write(buffer[at..], (ulong)length);
        packed.Write(buffer[..at]);
        return start + length;
    }
}
