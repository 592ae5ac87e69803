using System.Text;

namespace ServerlessMeta.Previews;

/// <summary>Makes strict JSON in UTF-8 of what is written under that name.</summary>
internal static class JsonText
{
    /// <summary>Another encoding is told by its mark. The bare words NaN and Infinity, which Python writes, become texts.</summary>
    public static ReadOnlyMemory<byte> ToUtf8(byte[] bytes)
    {
        var encoding = TextEncoding.Sniff(bytes);
        if (encoding is not null && !encoding.Equals(Encoding.UTF8))
        {
            bytes = Encoding.UTF8.GetBytes(encoding.GetString(TextEncoding.WithoutMark(bytes, encoding)));
        }
        var text = bytes.AsMemory(bytes.AsSpan().StartsWith("\ufeff"u8) ? 3 : 0);
        return text.Span.IndexOf("NaN"u8) >= 0 || text.Span.IndexOf("Infinity"u8) >= 0 ? QuoteWords(text.Span) : text;
    }

    private static byte[] QuoteWords(ReadOnlySpan<byte> text)
    {
        var quoted = new MemoryStream(text.Length + 1024);
        var inString = false;
        for (var at = 0; at < text.Length; at++)
        {
            var word = inString ? [] : WordAt(text[at..]);
            if (!word.IsEmpty)
            {
                quoted.WriteByte((byte)'"');
                quoted.Write(word);
                quoted.WriteByte((byte)'"');
                at += word.Length - 1;
                continue;
            }
            quoted.WriteByte(text[at]);
            if (inString && text[at] == '\\' && at + 1 < text.Length)
            {
                quoted.WriteByte(text[++at]);
            }
            else
            {
                inString ^= text[at] == '"';
            }
        }
        return quoted.ToArray();
    }

    private static ReadOnlySpan<byte> WordAt(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) ? text[..3] : text.StartsWith("-Infinity"u8) ? text[..9] : text.StartsWith("Infinity"u8) ? text[..8] : [];
}
