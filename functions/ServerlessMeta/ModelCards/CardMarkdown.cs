using System.Globalization;
using System.Text;

namespace ServerlessMeta.ModelCards;

/// <summary>A card as Markdown. What comes from records stands in code or escaped, so that nothing in it can be taken for the card's own words.</summary>
internal static class CardMarkdown
{
    private const string Missing = "*missing*";

    /// <param name="card">The card.</param>
    /// <param name="isPlain">Which of people's texts stand as code, as they are; null: none.</param>
    public static string Write(Card card, Func<string, bool>? isPlain = null)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Escape(card.Model)}, version {card.Version}\n");
        foreach (var part in card.Parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {part.Title}\n");
            if (part.Written is { } written)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{(isPlain?.Invoke(written.Text) is true ? Fenced(written.Text) : Quoted(written.Text))}\n\n*Written by {Escape(written.Author)} on {written.At.UtcDateTime:yyyy-MM-dd} for version {written.Version}.*\n");
            }
            if (part.Claims.Length > 0)
            {
                text.Append("\n| what | value | record |\n| --- | --- | --- |\n");
                foreach (var claim in part.Claims)
                {
                    text.Append(CultureInfo.InvariantCulture, $"| {Escape(claim.Name)} | {(claim.Value is null ? Missing : Escape(claim.Value))} | {(claim.Record is null ? "" : Code(claim.Record))} |\n");
                }
            }
            if (part.Table is { } table)
            {
                Write(text, table);
            }
        }
        return text.ToString();
    }

    private static void Write(StringBuilder text, CardTable table)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n| {string.Join(" | ", table.Columns)} | record |\n|{string.Concat(Enumerable.Repeat(" --- |", table.Columns.Length + 1))}\n");
        foreach (var row in table.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Cells.Select(static cell => cell.Length == 0 ? Missing : Escape(cell)))} | {Code(row.Record)} |\n");
        }
        if (table.Rows.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Missing} |{string.Concat(Enumerable.Repeat("  |", table.Columns.Length))}\n");
        }
        if (table.More > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n*{table.More} more are recorded.*\n");
        }
    }

    // A quotation keeps what people wrote, headings and all, apart from the card's own parts.
    public static string Quoted(string markdown) => string.Join('\n', markdown.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(static line => $"> {line}"));

    private static string Fenced(string text)
    {
        var (longest, run) = (2, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        var fence = new string('`', longest + 1);
        return $"{fence}\n{text.ReplaceLineEndings("\n").TrimEnd('\n')}\n{fence}";
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = char.IsControl(c) ? escaped.Append(' ') : char.IsAscii(c) && char.IsPunctuation(c) && c is not ('.' or ',' or ':' or '-' or '/' or '%' or '\'' or '(' or ')' or '@' or ';') || c is '|' or '<' or '>' or '`' or '~' or '$' or '^' or '+' or '='
                ? escaped.Append('\\').Append(c)
                : escaped.Append(c);
        }
        // What begins a line of a list, or a link by itself, is harmless within a cell.
        return escaped.ToString().Trim();
    }

    private static string Code(string text)
    {
        var line = new string([.. text.Select(static c => char.IsControl(c) || c is '`' ? ' ' : c)]).Replace("|", "\\|", StringComparison.Ordinal);
        return $"`{line}`";
    }
}
