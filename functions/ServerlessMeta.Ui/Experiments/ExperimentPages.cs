using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;
using ServerlessMeta.Ui.Parts;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Experiments;

/// <summary>The list of experiments.</summary>
internal static class ExperimentPages
{
    private const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/experiments", List);

    private static async Task<IResult> List(HttpRequest request, ExperimentSearch search, UiWords words, string? name, string? page, CancellationToken ct)
    {
        var query = RecordQuery.Parse(string.IsNullOrWhiteSpace(name) ? null : $"name ILIKE '%{name.Replace("'", "''", StringComparison.Ordinal)}%'", ["last_update_time DESC"], words.Experiments);
        if (!query.IsOk)
        {
            return Page.Fault(query.Failure);
        }
        var found = await search.SearchAsync(query.Value, StageFilter.Active, PageSize, page, ct);
        return found.IsOk
            ? Page.Show<ExperimentsPage>(new ExperimentsModel(name, found.Value.Items, found.Value.Next, FirstSteps.Of(request)))
            : Page.Fault(found.Failure);
    }
}
