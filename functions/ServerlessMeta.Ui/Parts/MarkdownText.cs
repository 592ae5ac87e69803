using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Renderers;
using Markdig.Syntax;
using Microsoft.AspNetCore.Components;
using ServerlessMeta.ModelCards;

namespace ServerlessMeta.Ui.Parts;

/// <summary>Markdown of people as part of a page: without HTML, without images from elsewhere, with links to the web alone, its headings below those of the page.</summary>
internal static partial class MarkdownText
{
    // A page's own headings are the first two.
    private const int Deeper = 2;
    private const int Deepest = 6;

    public static MarkupString Of(string text)
    {
        try
        {
            var html = HeadingPattern.Replace(CardPage.Body(text), static tag => $"{tag.Groups["open"].Value}{Math.Min(Deepest, tag.Groups["level"].Value[0] - '0' + Deeper)}>");
            return new MarkupString(html.Replace("<div class=\"wide\">", "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">", StringComparison.Ordinal));
        }
        catch (ArgumentException)
        {
            // The parser gives up on what is nested too deep.
            return new MarkupString($"<pre>{WebUtility.HtmlEncode(text)}</pre>");
        }
    }

    /// <summary>The words of the first paragraph, in a line; of a text without one, all words.</summary>
    public static string Line(string text)
    {
        try
        {
            var document = Markdown.Parse(text);
            using var words = new StringWriter(CultureInfo.InvariantCulture);
            // As it was read among the rest of the text: what a link refers to may be defined further below.
            new HtmlRenderer(words) { EnableHtmlForBlock = false, EnableHtmlForInline = false, EnableHtmlEscape = false }.Render((MarkdownObject?)document.OfType<ParagraphBlock>().FirstOrDefault() ?? document);
            return SpacePattern.Replace(words.ToString(), " ").Trim();
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SpacePattern { get; }

    [GeneratedRegex("(?<open></?h)(?<level>[1-6])>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HeadingPattern { get; }
}
