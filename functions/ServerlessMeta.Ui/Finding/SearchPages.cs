using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Platform;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Finding;

/// <summary>Search in everything: a page, and what stands below the box while somebody types.</summary>
internal static class SearchPages
{
    private const int LongestText = 250;
    private const int MostOnPage = 20;
    private const int MostInstant = 5;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/search", ShowAsync);
        pages.MapGet("/search/instant", ShowInstantAsync);
    }

    private static async Task<IResult> ShowAsync(StoreSearch search, string? q, CancellationToken ct) => q?.Length > LongestText
        ? Page.Fault(new Failure.Invalid("q", $"A text has up to {LongestText} characters."))
        : Page.Show<SearchPage>(await FindAsync(search, q, MostOnPage, ct));

    private static async Task<IResult> ShowInstantAsync(StoreSearch search, string? q, CancellationToken ct) =>
        Page.Part<FoundPart>(await FindAsync(search, q is { Length: > LongestText } ? null : q, MostInstant, ct));

    private static async Task<SearchModel> FindAsync(StoreSearch search, string? text, int max, CancellationToken ct)
    {
        var wanted = text?.Trim() ?? "";
        return new SearchModel(wanted, await search.FindAsync(wanted, max, ct));
    }
}
