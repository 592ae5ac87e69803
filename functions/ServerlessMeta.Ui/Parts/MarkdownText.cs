using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using ServerlessMeta.ModelCards;

namespace ServerlessMeta.Ui.Parts;

/// <summary>What people write in Markdown, as cards show it: without HTML of theirs, without pictures, links to the web alone, and its headings below those of the page. What the parser gives up on is shown as it was written.</summary>
internal static partial class MarkdownText
{
    private const int Deeper = 2;

    public static MarkupString Html(string text)
    {
        try
        {
            return new MarkupString(HeadingPattern.Replace(CardPage.Body(text), static tag => $"<{tag.Groups["end"].Value}h{Math.Min(6, tag.Groups["level"].Value[0] - '0' + Deeper)}>"));
        }
        catch (ArgumentException)
        {
            return new MarkupString($"<pre>{WebUtility.HtmlEncode(text)}</pre>");
        }
    }

    [GeneratedRegex("<(?<end>/?)h(?<level>[1-6])>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HeadingPattern { get; }
}
