using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary><c>GET /api/v1/experiments/{experimentId}/export</c>: a query's runs as one file.</summary>
internal sealed class RunExportEndpoint(RunGrammar grammar)
{
    private const string Problem = "application/problem+json";

    private static readonly ImmutableArray<Field> Always =
    [
        new(FieldKind.Attribute, RunFields.Id), new(FieldKind.Attribute, RunFields.Name), new(FieldKind.Attribute, RunFields.Status), new(FieldKind.Attribute, RunFields.StartedAt),
        new(FieldKind.Attribute, RunFields.EndedAt), new(FieldKind.Attribute, RunFields.UserId),
    ];

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/experiments/{experimentId}/export", ExportAsync).WithTags("experiments")
        .WithSummary("The runs of an experiment as a file: format=csv, json or parquet, filter and order as searches take them, columns (fields by comma; without it every metric and param), stage=active, deleted or all, limit.")
        .Produces<string>(200, "text/csv", "application/json", ParquetExport.MediaType).ProducesProblem(400, Problem).ProducesProblem(404, Problem);

    private async Task<IResult> ExportAsync(
        string experimentId, RunTables tables, CancellationToken ct, string? format = null, string? filter = null, string? order = null, string? columns = null, string? stage = null, string? limit = null)
    {
        var faults = new List<Failure.Invalid>();
        if (format is not (null or "csv" or "json" or "parquet"))
        {
            faults.Add(new Failure.Invalid("format", "csv, json or parquet is expected."));
        }
        StageFilter? stages = stage switch { null or "" or "active" => StageFilter.Active, "deleted" => StageFilter.Deleted, "all" => StageFilter.All, _ => null };
        if (stages is null)
        {
            faults.Add(new Failure.Invalid("stage", "active, deleted or all is expected."));
        }
        var most = int.MaxValue;
        if (!string.IsNullOrEmpty(limit) && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most > 0))
        {
            faults.Add(new Failure.Invalid("limit", "A whole number from 1 is expected."));
        }
        var (terms, fields) = (FieldText.ReadOrder(order, "order"), FieldText.ReadFields(columns, "columns", grammar.Fields));
        var query = terms.IsOk ? RecordQuery.Parse(filter, terms.Value, grammar.Fields) : terms.Failure;
        faults.AddRange(new[] { query.Failure, fields.Failure }.OfType<Failure.Invalid>());
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        if (!ExperimentId.TryParse(experimentId, CultureInfo.InvariantCulture, out var id) || await tables.OpenAsync(id, grammar.Words, ct) is not { } table)
        {
            return Problems.From(new Failure.NotFound("Experiment", experimentId.Length > 60 ? experimentId[..60] : experimentId));
        }
        var chosen = fields.Value.IsEmpty
            ? (await table.FieldsAsync(ct)).Select(static use => use.Field).Where(static field => field.Kind is not FieldKind.Tag)
            : fields.Value;
        var all = Always.Concat(chosen).Distinct().Select(field => new ExportColumn(field, grammar)).ToImmutableArray();
        if (format == "parquet" && all.Length > ParquetExport.MostColumns)
        {
            return Problems.From(new Failure.Invalid("columns", $"A Parquet file has up to {ParquetExport.MostColumns} columns here, and these are {all.Length}. Name those that are wanted."));
        }
        var runs = table.ListAsync(query.Value, stages!.Value, ct).Take(most);
        return format == "parquet" ? new ParquetExport(table.Experiment, all, runs) : new RunExport(table.Experiment, all, runs, format ?? "csv");
    }
}
