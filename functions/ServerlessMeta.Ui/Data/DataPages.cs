using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Data;

/// <summary>Datasets, and whatever else has versions.</summary>
internal static class DataPages
{
    private const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/data", ListAsync);
        pages.MapGet("/data/{name}", FindAsync);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, ArtifactVersionReader versions, string? type, string? prefix, string? page, CancellationToken ct)
    {
        var only = string.IsNullOrEmpty(type) ? null : ArtifactTypes.Find(type);
        var found = await versions.ListAsync(only, prefix ?? "", PageSize, page, ct);
        return found.IsOk
            ? Page.Show<DataListPage>(new DataListModel(only, prefix ?? "", found.Value.Items, found.Value.Next, FirstStep($"{request.Scheme}://{request.Host}")))
            : Page.Fault(found.Failure);
    }

    private static async Task<IResult> FindAsync(string name, HttpContext context, DataReader reader, string? version, string? against, string? page, CancellationToken ct)
    {
        if (!VersionReference.TryParse(version ?? "latest", null, out var shown))
        {
            return Page.Fault(new Failure.Invalid("version", "A version is named by its number, latest, or a digest."));
        }
        if (!VersionReference.TryParse(against, null, out var other) && !string.IsNullOrEmpty(against))
        {
            return Page.Fault(new Failure.Invalid("against", "A version is named by its number, latest, or a digest."));
        }
        var found = await reader.ReadAsync(RouteSegment.Decode(context, name, 0), shown, other, page, ct);
        return found.IsOk ? Page.Show<DataPage>(found.Value) : Page.Fault(found.Failure);
    }

    private static string FirstStep(string here) =>
        $$"""
        import mlflow, pandas

        mlflow.set_tracking_uri("{{here}}")
        data = mlflow.data.from_pandas(pandas.read_csv("train.csv"), name="train")
        with mlflow.start_run():
            mlflow.log_input(data, context="training")
        """;
}
