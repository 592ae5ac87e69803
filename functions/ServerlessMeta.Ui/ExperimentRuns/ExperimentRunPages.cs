using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Experiments;
using ServerlessMeta.Metrics;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;
using ServerlessMeta.Ui.Shell;
using ServerlessMeta.Views;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>An experiment's page with its runs as a table or as charts, and what its scripts load by and by.</summary>
internal static class ExperimentRunPages
{
    private const int MostRows = 500;
    private const int MostNames = 5_000;
    private const int MostValues = 200;
    private const int LongestValue = 200;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/experiments/{id}", ShowAsync);
        pages.MapGet("/experiments/{id}/views/{view}", OpenViewAsync);
        pages.MapGet("/experiments/{id}/rows", RowsAsync);
        pages.MapGet("/experiments/{id}/names", NamesAsync);
        pages.MapGet("/experiments/{id}/values", ValuesAsync);
        pages.MapGet("/experiments/{id}/sparks", SparksAsync);
    }

    private static async Task<IResult> ShowAsync(string id, HttpRequest request, RunTables tables, ViewStore views, UiWords words, TimeProvider time, CancellationToken ct) =>
        await OpenAsync(id, request, tables, words, time, ct) is { } reader ? Page.Show<TablePage>(await reader.PageAsync(NumberOf(request, "from", 0), views, request, ct)) : Page.Fault(Missing(id));

    // A link to a view shows it as it is when somebody follows it; where that leads, the address says all of it.
    private static async Task<IResult> OpenViewAsync(string id, string view, ViewStore views, CancellationToken ct) =>
        ExperimentId.TryParse(id, CultureInfo.InvariantCulture, out var experiment) && ViewId.TryParse(view, CultureInfo.InvariantCulture, out var one) && await views.FindAsync(experiment, one, ct) is { } found
            ? Results.LocalRedirect(TableLink.Of(found).Address())
            : Page.Fault(new Failure.NotFound(ViewStore.Kind, view.Length > 64 ? view[..64] : view));

    private static async Task<IResult> RowsAsync(string id, HttpRequest request, RunTables tables, UiWords words, TimeProvider time, CancellationToken ct)
    {
        if (await OpenAsync(id, request, tables, words, time, ct) is not { } reader)
        {
            return Problems.From(Missing(id));
        }
        var rows = await reader.RowsAsync(NumberOf(request, "from", 0), Math.Min(MostRows, NumberOf(request, "count", TableReader.PageRows)), ct);
        if (!rows.IsOk)
        {
            return Problems.From(rows.Failure);
        }
        request.HttpContext.Response.Headers["X-Total"] = rows.Value.Total.ToString(CultureInfo.InvariantCulture);
        return Page.Part<RunRows>(rows.Value.Rows);
    }

    private static async Task<IResult> NamesAsync(string id, RunTables tables, UiWords words, CancellationToken ct)
    {
        if (!ExperimentId.TryParse(id, CultureInfo.InvariantCulture, out var experiment) || await tables.OpenAsync(experiment, words.RunWords, ct) is not { } table)
        {
            return Problems.From(Missing(id));
        }
        var uses = await table.FieldsAsync(ct);
        return TypedResults.Json(new FieldNames(
            [.. words.Runs.Attributes.Where(static one => one.Filterable).Select(static one => new FieldNames.Attribute(one.Spellings[0], one.Type is FieldType.Number))],
            [.. uses.Take(MostNames).Select(use => FieldText.Write(use.Field, words.Runs))],
            [.. Enum.GetValues<RunStatus>().Select(words.RunWords.Status)]), ExperimentRunsJson.Default.FieldNames);
    }

    // What a field of texts may be compared with, as a filter quotes it.
    private static async Task<IResult> ValuesAsync(string id, HttpRequest request, RunTables tables, UiWords words, CancellationToken ct)
    {
        var fields = FieldText.ReadFields(request.Query["field"], "field", words.Runs);
        if (!fields.IsOk || fields.Value is not [{ Kind: FieldKind.Param or FieldKind.Tag } field])
        {
            return Problems.From(new Failure.Invalid("field", "One param or tag is expected, as in params.lr."));
        }
        if (!ExperimentId.TryParse(id, CultureInfo.InvariantCulture, out var experiment) || await tables.OpenAsync(experiment, words.RunWords, ct) is not { } table)
        {
            return Problems.From(Missing(id));
        }
        var values = await table.ValuesAsync(field, MostValues, static value => value.Length <= LongestValue && !value.Any(char.IsControl), ct);
        return TypedResults.Json([.. values.Select(static value => QueryText.Quote(value, '\''))], ExperimentRunsJson.Default.StringArray);
    }

    private static async Task<IResult> SparksAsync(string id, HttpRequest request, MetricHistory histories, CancellationToken ct)
    {
        var metric = request.Query["metric"].ToString();
        var runs = request.Query["runs"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)
            .Select(static text => RunId.TryParse(text, CultureInfo.InvariantCulture, out var run) ? run : (RunId?)null).ToImmutableArray();
        return metric.Length == 0 || runs.Length > TableReader.PageRows || runs.Any(run => run is not { } one || one.Experiment.ToString() != id)
            ? Problems.From(new Failure.Invalid("runs", $"A metric and up to {TableReader.PageRows} runs of the experiment are expected."))
            : Page.Part<RunSparks>(await SparkReader.ReadAsync([.. runs.Select(static run => run!.Value)], metric, histories, ct));
    }

    private static async Task<TableReader?> OpenAsync(string id, HttpRequest request, RunTables tables, UiWords words, TimeProvider time, CancellationToken ct) =>
        ExperimentId.TryParse(id, CultureInfo.InvariantCulture, out var experiment) && await tables.OpenAsync(experiment, words.RunWords, ct) is { } table
            ? new TableReader(table, TableLink.Of(experiment, request), words, time)
            : null;

    private static int NumberOf(HttpRequest request, string name, int otherwise) =>
        int.TryParse(request.Query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static Failure.NotFound Missing(string id) => new("Experiment", id.Length > 60 ? id[..60] : id);
}
