using System.Text;

namespace ServerlessMeta.Previews;

/// <summary>Values as they are shown: short, and always proper text.</summary>
internal static class CellText
{
    private const char Ellipsis = '…';

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        // Of n characters each takes at most four bytes; what is behind them is cut off anyway.
        const int Enough = 4 * (PreviewLimits.CellCharacters + 1);
        return Of(Encoding.UTF8.GetString(utf8.Length > Enough ? utf8[..Enough] : utf8));
    }

    public static string Of(string text)
    {
        if (text.Length > PreviewLimits.CellCharacters)
        {
            var end = PreviewLimits.CellCharacters - 1;
            text = string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), [Ellipsis]);
        }
        return IsProper(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    private static bool IsProper(string text)
    {
        foreach (var c in text)
        {
            if (char.IsSurrogate(c))
            {
                return false;
            }
        }
        return true;
    }
}
