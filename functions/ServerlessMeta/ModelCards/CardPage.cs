using System.Net;
using System.Security.Cryptography;
using System.Text;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ServerlessMeta.ModelCards;

/// <summary>A card as a page of HTML that stands alone: no script, nothing loaded. Markdown of people passes without HTML, without images from elsewhere, and with links to the web alone.</summary>
internal static class CardPage
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    private const string Style = """
        :root{color-scheme:light dark;--line:#d0d7de;--soft:#57606a;--back:#fff;--ink:#1f2328;--shade:#f6f8fa;--link:#0757ba}
        @media(prefers-color-scheme:dark){:root{--line:#30363d;--soft:#9198a1;--back:#0d1117;--ink:#e6edf3;--shade:#161b22;--link:#58a6ff}}
        body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem;background:var(--back);color:var(--ink);overflow-wrap:anywhere}
        h1{font-size:1.7rem;margin:.2rem 0 1rem}h2{font-size:1.15rem;margin:2rem 0 .6rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
        .wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;vertical-align:top;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line)}
        th{color:var(--soft);font-weight:600;white-space:nowrap}td{min-width:6.5rem}td em{color:var(--soft)}td:first-child{min-width:8rem}
        code{font:.85em ui-monospace,monospace;background:var(--shade);padding:.1em .3em;border-radius:4px;color:var(--soft)}
        blockquote{margin:.6rem 0;padding:.1rem 1rem;border-left:3px solid var(--line)}a{color:var(--link)}p>em{color:var(--soft);font-size:.9rem}
        """;

    /// <summary>What the page may load: its own style, and nothing else.</summary>
    public static string Policy { get; } = $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public static string Write(Card card) => $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{WebUtility.HtmlEncode(card.Model)}, version {card.Version}: model card</title>
        <style>{Style}</style></head>
        <body><main>
        {Body(card)}</main></body>
        </html>

        """.ReplaceLineEndings("\n");

    /// <summary>Whether a text of people can be shown: the parser gives up on what is nested too deep.</summary>
    public static bool CanShow(string text)
    {
        try
        {
            Body(CardMarkdown.Quoted(text));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // One text that cannot be shown must not take the page with it: it stands there as it is.
    private static string Body(Card card)
    {
        try
        {
            return Body(CardMarkdown.Write(card));
        }
        catch (ArgumentException)
        {
            return Body(CardMarkdown.Write(card, static text => !CanShow(text)));
        }
    }

    internal static string Body(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (link.IsImage || !IsOfTheWeb(link.Url))
            {
                // Its words stay.
                link.MoveChildrenAfter(link);
                link.Remove();
            }
        }
        foreach (var link in document.Descendants<AutolinkInline>().Where(static link => !link.IsEmail && !IsOfTheWeb(link.Url)).ToList())
        {
            link.ReplaceBy(new LiteralInline(link.Url));
        }
        return document.ToHtml(Pipeline).Replace("<table>", "<div class=\"wide\"><table>", StringComparison.Ordinal).Replace("</table>", "</table></div>", StringComparison.Ordinal);
    }

    private static bool IsOfTheWeb(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" or "mailto";
}
