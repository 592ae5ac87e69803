using System.Text;

namespace ServerlessMeta.Previews;

/// <summary>How a text is encoded, by its first bytes.</summary>
internal static class TextEncoding
{
    public const string NotText = "It is not text: it holds NUL bytes.";

    private static readonly Encoding Utf32 = new UTF32Encoding(bigEndian: false, byteOrderMark: true);

    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        ([0xEF, 0xBB, 0xBF], Encoding.UTF8), ([0xFF, 0xFE, 0, 0], Utf32), ([0xFF, 0xFE], Encoding.Unicode), ([0xFE, 0xFF], Encoding.BigEndianUnicode),
    ];

    /// <summary>By its byte order mark; else UTF-8 if it is, else Latin 1, which any bytes are. Null when it is no text at all.</summary>
    public static Encoding? Sniff(ReadOnlySpan<byte> start)
    {
        foreach (var (mark, encoding) in Marks)
        {
            if (start.StartsWith(mark))
            {
                return encoding;
            }
        }
        if (start.Contains((byte)0))
        {
            return null;
        }
        return IsUtf8(start) ? Encoding.UTF8 : Encoding.Latin1;
    }

    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text, Encoding encoding) =>
        text.StartsWith(encoding.Preamble) ? text[encoding.Preamble.Length..] : text;

    /// <summary>A character may be cut off at the end.</summary>
    private static bool IsUtf8(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            switch (Rune.DecodeFromUtf8(text, out _, out var length))
            {
                case System.Buffers.OperationStatus.Done:
                    text = text[length..];
                    break;
                case System.Buffers.OperationStatus.NeedMoreData:
                    return true;
                default:
                    return false;
            }
        }
        return true;
    }
}
