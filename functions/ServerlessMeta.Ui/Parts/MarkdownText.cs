using System.Net;
using Microsoft.AspNetCore.Components;
using ServerlessMeta.ModelCards;

namespace ServerlessMeta.Ui.Parts;

/// <summary>What people write in Markdown, as cards show it: without HTML of theirs, without pictures, links to the web alone. What the parser gives up on is shown as it was written.</summary>
internal static class MarkdownText
{
    public static MarkupString Html(string text)
    {
        try
        {
            return new MarkupString(CardPage.Body(text));
        }
        catch (ArgumentException)
        {
            return new MarkupString($"<pre>{WebUtility.HtmlEncode(text)}</pre>");
        }
    }
}
