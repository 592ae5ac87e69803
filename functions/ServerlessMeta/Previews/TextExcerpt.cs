using System.Text;

namespace ServerlessMeta.Previews;

/// <summary>The first lines of a text.</summary>
internal static class TextExcerpt
{
    /// <summary>Null when the file is no text.</summary>
    public static async Task<TextPreview?> MakeAsync(ContentStream content, string language, string? note, CancellationToken ct)
    {
        var counted = content.Length <= PreviewLimits.CountedTextBytes;
        // UTF-16 and UTF-32 take more bytes for the same text.
        var bytes = await content.ReadAtAsync(0, counted ? PreviewLimits.CountedTextBytes : 4 * PreviewLimits.TextBytes, ct);
        var encoding = TextEncoding.Sniff(bytes.Span);
        if (encoding is null)
        {
            return null;
        }
        var whole = bytes.Length == content.Length;
        var text = Decode(encoding, TextEncoding.WithoutMark(bytes.Span, encoding), whole);
        var shown = FirstLines(text);
        return new TextPreview(
            IsProper(shown) ? shown : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(shown)),
            language,
            encoding.WebName,
            whole ? CountLines(text) : null,
            whole && shown.Length == text.Length,
            note ?? (text.Contains(Rune.ReplacementChar.ToString(), StringComparison.Ordinal) ? "Some bytes are no characters of its encoding." : null));
    }

    public static async Task<Preview> PreviewAsync(ContentStream content, PreviewKind kind, string language, string? note, CancellationToken ct) =>
        await MakeAsync(content, language, note, ct) is { } text ? new Preview { Kind = kind, Text = text } : Preview.None(TextEncoding.NotText);

    private static string Decode(Encoding encoding, ReadOnlySpan<byte> bytes, bool whole)
    {
        var chars = new char[encoding.GetMaxCharCount(bytes.Length)];
        // Unless it is whole, a character may be cut off at the end.
        return new string(chars, 0, encoding.GetDecoder().GetChars(bytes, chars, flush: whole));
    }

    private static string FirstLines(string text)
    {
        var end = 0;
        for (var line = 0; line < PreviewLimits.TextLines && end < text.Length; line++)
        {
            var next = text.IndexOf('\n', end);
            end = next < 0 ? text.Length : next + 1;
        }
        Encoding.UTF8.GetEncoder().Convert(text.AsSpan(0, end), new byte[PreviewLimits.TextBytes], flush: true, out var fits, out _, out _);
        return text[..fits];
    }

    private static long CountLines(string text) => text.AsSpan().Count('\n') + (text.Length > 0 && text[^1] != '\n' ? 1 : 0);

    private static bool IsProper(string text) => !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff');
}
