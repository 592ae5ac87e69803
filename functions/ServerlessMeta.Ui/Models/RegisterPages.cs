using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Models;

/// <summary>The page by which a run's model is registered.</summary>
internal static class RegisterPages
{
    private const int ModelsOffered = 100;
    private const int FoldersOffered = 50;

    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/models/new", NewAsync);

    private static async Task<IResult> NewAsync(RunStore runs, RegistrySearch search, ArtifactStore artifacts, ArtifactLocations locations, string? run, string? name, CancellationToken ct)
    {
        var models = await search.SearchModelsAsync(RecordQuery.Parse(null, ["updated DESC"], RegistryNativeSchema.Models).Value, ModelsOffered, null, ct);
        var shown = new RegisterModel { Name = name, Models = [.. models.Value.Items.Select(static one => one.Model.Name)], Sources = [] };
        if (string.IsNullOrEmpty(run))
        {
            return Page.Show<RegisterPage>(shown);
        }
        return RunId.TryParse(run, CultureInfo.InvariantCulture, out var id) && await runs.FindAsync(id, ct) is { } found
            ? Page.Show<RegisterPage>(shown with { Run = found.Info, Sources = await SourcesAsync(found, artifacts, locations, ct) })
            : Page.Fault(new Failure.NotFound("Run", run.Length <= 60 ? run : run[..60] + "..."));
    }

    // Models that the run logged as such, then its folders, those that are called as models commonly are first.
    private static async Task<ImmutableArray<string>> SourcesAsync(Run run, ArtifactStore artifacts, ArtifactLocations locations, CancellationToken ct)
    {
        var folders = locations.OfRun(run.Info) is { } root && await artifacts.ListAsync(root, FoldersOffered, null, ct) is { IsOk: true } listed ? listed.Value.Items.Where(static entry => entry.IsFolder) : [];
        return
        [
            .. run.Outputs.Select(static output => $"models:/{output.ModelId}"),
            .. folders.OrderByDescending(static folder => folder.Name.Contains("model", StringComparison.OrdinalIgnoreCase)).ThenBy(static folder => folder.Name, StringComparer.Ordinal).Select(folder => $"runs:/{run.Info.Id}/{folder.Name}"),
        ];
    }
}
