using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>Who changed what and when, and the proof that it is so.</summary>
internal static class AuditEndpoints
{
    private const string Root = "/api/v1/audit";
    private const int MostExported = 1000;
    private const string ExportType = "application/jsonl";
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("").WithTags("audit");
        audit.MapGet(Root, ListAsync)
            .WithSummary("Entries, the newest first: object (kind:id), kind, by, action, from, to (ISO 8601), pageSize (1 to 1000), pageToken.")
            .WithDescription("With an object one range is read: an operation for each thousand entries. Without one every partition is: an operation for each, so name a kind where the store is large; "
                + "files are left out then, for their folders cannot be listed cheaply. kind=file with object=run:{id} lists those of a run's files.")
            .Produces<AuditPage>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        audit.MapGet(Root + "/verify", VerifyAsync)
            .WithSummary("Recomputes every chain and every row's digest, of one object (object=kind:id) or of the whole store in parts (pageToken), and names what was changed behind the store's back.")
            .WithDescription("A part reads about 20,000 rows. Findings are faults; objects from before the audit are counted as unaudited.")
            .Produces<AuditReport>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);
        audit.MapGet(Root + "/export", ExportAsync)
            .WithSummary("All that a proof needs, to be verified without this store: object=kind:id, also several times, or nothing for the whole store. Lines of JSON.")
            .WithDescription("Entries as they were hashed, the heads of their chains, digests of rows, and the checkpoints. Verify a file with: dotnet run --project functions/ServerlessMeta.Local -- verify-audit <file>.")
            .Produces(200, contentType: ExportType).ProducesProblem(400, Problem).ProducesProblem(404, Problem);
    }

    private static async Task<IResult> ExportAsync(AuditExport export, HttpContext context, CancellationToken ct)
    {
        var named = context.Request.Query["object"].OfType<string>().Where(static one => one.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (named.Count > MostExported)
        {
            return Problems.From(new Failure.Invalid("object", $"Up to {MostExported} objects are exported at once."));
        }
        var found = await export.LocateAsync(named, ct);
        if (!found.IsOk)
        {
            return Problems.From(found.Failure);
        }
        context.Response.Headers.ContentDisposition = "attachment; filename=\"audit.jsonl\"";
        return TypedResults.Stream(body => export.WriteAsync(System.IO.Pipelines.PipeWriter.Create(body), found.Value, ct), ExportType);
    }

    private static async Task<IResult> ListAsync(
        AuditReader reader, AuditSources sources, HttpRequest request, CancellationToken ct, string? kind = null, string? by = null, string? action = null, string? from = null, string? to = null, string? pageSize = null)
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        if (!string.IsNullOrEmpty(kind) && sources.Find(kind) is null)
        {
            faults.Add(new Failure.Invalid("kind", $"A kind is one of {string.Join(", ", sources.All.Select(static source => source.Kind))}."));
        }
        var query = new AuditQuery
        {
            Object = Text(request.Query["object"]),
            Kind = Text(kind),
            By = Text(by),
            Action = Text(action),
            From = Instant("from", from, faults),
            To = Instant("to", to, faults),
        };
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var page = await reader.ListAsync(query, size, Text(request.Query["pageToken"]), ct);
        return page.IsOk ? TypedResults.Json(new AuditPage(page.Value.Items, page.Value.Next), AuditJson.Default.AuditPage) : Problems.From(Of(page.Failure));
    }

    private static async Task<IResult> VerifyAsync(AuditVerifier verifier, HttpRequest request, CancellationToken ct)
    {
        var report = Text(request.Query["object"]) is { } named ? await verifier.VerifyAsync(named, ct) : await verifier.VerifyNextAsync(Text(request.Query["pageToken"]), ct);
        return report.IsOk ? TypedResults.Json(report.Value, AuditJson.Default.AuditReport) : Problems.From(Of(report.Failure));
    }

    // The token is called otherwise in the dialect, and so where it is read.
    private static Failure Of(Failure failure) => failure is Failure.Invalid { Field: "page_token" } invalid ? new Failure.Invalid("pageToken", invalid.Detail) : failure;

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static DateTimeOffset? Instant(string field, string? text, List<Failure.Invalid> faults)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) && instant >= DateTimeOffset.UnixEpoch)
        {
            return instant;
        }
        faults.Add(new Failure.Invalid(field, "An instant in ISO 8601 is expected, as 2026-01-31T12:00:00Z."));
        return null;
    }
}
