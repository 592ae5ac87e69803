using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>Artifacts and their versions in the native API. A name is one segment of the path, its slashes sent as <c>%2F</c>.</summary>
public static class ArtifactVersionEndpoints
{
    private const string Root = "/api/v1/artifacts";
    private const int BodyBytes = 1024 * 1024;
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var artifacts = routes.MapGroup("").WithTags("artifacts");
        artifacts.MapPost(Root, RegisterAsync)
            .WithSummary("Register a content, wherever it lies: name, type, uri, md5, sha256 or digest, and what else is known. 201 for a new version, 200 for the version that has the digest.")
            .Accepts<RegisterArtifact>("application/json").Produces<ArtifactVersionView>(201).Produces<ArtifactVersionView>().ProducesProblem(400, Problem).ProducesProblem(409, Problem);
        artifacts.MapGet(Root, ListAsync)
            .WithSummary("Artifacts in the order of their names, each with its newest version: type, prefix, pageSize, pageToken.")
            .Produces<ArtifactPage>().ProducesProblem(400, Problem);
        artifacts.MapGet(Root + "/{name}", FindAsync)
            .WithSummary("An artifact with its newest version in brief.").Produces<ArtifactView>().ProducesProblem(404, Problem);
        artifacts.MapGet(Root + "/{name}/versions", ListVersionsAsync)
            .WithSummary("The versions of an artifact, the newest first, without their schemas: pageSize, pageToken.").Produces<VersionPage>().ProducesProblem(404, Problem);
        artifacts.MapGet(Root + "/{name}/versions/{version}", FindVersionAsync)
            .WithSummary("A version by number, latest, md5:<hex>, sha256:<hex> or digest:<text>; with an ETag.")
            .Produces<ArtifactVersionView>().Produces(304).ProducesProblem(404, Problem);
        artifacts.MapGet(Root + "/{name}/versions/{version}/runs", ListRunsAsync)
            .WithSummary("The runs that made and used a version: pageSize, pageToken.").Produces<VersionRunPage>().ProducesProblem(404, Problem);
        artifacts.MapGet(Root + "/{name}/compare", CompareAsync)
            .WithSummary("What differs between two versions: from, to.").Produces<ComparisonView>().ProducesProblem(404, Problem);
        routes.MapGet("/api/v1/runs/{runId}/artifacts", ListOfRunAsync).WithTags("runs")
            .WithSummary("The artifact versions that a run made and used: pageSize, pageToken.").Produces<RunArtifactPage>().ProducesProblem(404, Problem);
    }

    private static async Task<IResult> RegisterAsync(HttpContext context, ArtifactVersionStore store, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context.Request, ArtifactVersionsJson.Default.JsonElement, BodyBytes, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        var (wanted, faults) = RegistrationReader.Read(body.Value);
        if (wanted is null)
        {
            return Problems.From(faults);
        }
        var registered = await store.RegisterAsync(wanted, ct);
        if (!registered.IsOk)
        {
            return Problems.From(registered.Failure);
        }
        var (version, isNew) = registered.Value;
        context.Response.Headers.ETag = TagOf(version).ToString();
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{Root}/{Uri.EscapeDataString(version.Name)}/versions/{version.Number}");
        return TypedResults.Json(ArtifactVersionView.From(version), ArtifactVersionsJson.Default.ArtifactVersionView, statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> ListAsync(ArtifactVersionReader reader, CancellationToken ct, string? type = null, string? prefix = null, string? pageSize = null, string? pageToken = null)
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        var only = string.IsNullOrEmpty(type) ? null : ArtifactTypes.Find(type);
        if (!string.IsNullOrEmpty(type) && only is null)
        {
            faults.Add(new Failure.Invalid("type", $"A type is one of {string.Join(", ", ArtifactTypes.Words)}."));
        }
        return faults.Count > 0 ? Problems.From(faults)
            : Answer(await reader.ListAsync(only, prefix ?? "", size, pageToken, ct), static page => new ArtifactPage([.. page.Items.Select(ArtifactView.From)], page.Next), ArtifactVersionsJson.Default.ArtifactPage);
    }

    private static async Task<IResult> FindAsync(string name, HttpContext context, ArtifactVersionReader reader, CancellationToken ct) =>
        Answer(await reader.FindAsync(RouteSegment.Decode(context, name, 0), ct), ArtifactView.From, ArtifactVersionsJson.Default.ArtifactView);

    private static async Task<IResult> ListVersionsAsync(string name, HttpContext context, ArtifactVersionReader reader, CancellationToken ct, string? pageSize = null, string? pageToken = null)
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        return faults.Count > 0 ? Problems.From(faults)
            : Answer(await reader.ListVersionsAsync(RouteSegment.Decode(context, name, 1), size, pageToken, ct), static page => new VersionPage([.. page.Items.Select(ArtifactVersionView.From)], page.Next), ArtifactVersionsJson.Default.VersionPage);
    }

    private static async Task<IResult> FindVersionAsync(string name, string version, HttpContext context, ArtifactVersionReader reader, CancellationToken ct)
    {
        if (!VersionReference.TryParse(RouteSegment.Decode(context, version, 0), null, out var reference))
        {
            return Problems.From(WrongReference("version"));
        }
        var found = await reader.FindVersionAsync(RouteSegment.Decode(context, name, 2), reference, ct);
        if (found.IsOk)
        {
            var tag = TagOf(found.Value);
            context.Response.Headers.ETag = tag.ToString();
            if (EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out var known) && known.Any(other => other.Equals(EntityTagHeaderValue.Any) || other.Compare(tag, useStrongComparison: false)))
            {
                return TypedResults.StatusCode(StatusCodes.Status304NotModified);
            }
        }
        return Answer(found, ArtifactVersionView.From, ArtifactVersionsJson.Default.ArtifactVersionView);
    }

    private static async Task<IResult> ListRunsAsync(string name, string version, HttpContext context, ArtifactVersionReader reader, CancellationToken ct, string? pageSize = null, string? pageToken = null)
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        if (!VersionReference.TryParse(RouteSegment.Decode(context, version, 1), null, out var reference))
        {
            faults.Add(WrongReference("version"));
        }
        return faults.Count > 0 ? Problems.From(faults)
            : Answer(await reader.ListUsesAsync(RouteSegment.Decode(context, name, 3), reference!, size, pageToken, ct), static page => new VersionRunPage([.. page.Items.Select(VersionRunView.From)], page.Next), ArtifactVersionsJson.Default.VersionRunPage);
    }

    private static async Task<IResult> CompareAsync(string name, HttpContext context, ArtifactVersionReader reader, CancellationToken ct, string? from = null, string? to = null)
    {
        var faults = new List<Failure.Invalid>();
        if (!VersionReference.TryParse(from, null, out var first))
        {
            faults.Add(WrongReference("from"));
        }
        if (!VersionReference.TryParse(to, null, out var second))
        {
            faults.Add(WrongReference("to"));
        }
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var artifact = RouteSegment.Decode(context, name, 1);
        var (before, after) = (await reader.FindVersionAsync(artifact, first!, ct), await reader.FindVersionAsync(artifact, second!, ct));
        return (before.Failure ?? after.Failure) is { } failed ? Problems.From(failed)
            : TypedResults.Json(ComparisonView.Of(VersionComparison.Of(before.Value, after.Value)), ArtifactVersionsJson.Default.ComparisonView);
    }

    private static async Task<IResult> ListOfRunAsync(string runId, ArtifactVersionReader reader, CancellationToken ct, string? pageSize = null, string? pageToken = null)
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        if (!RunId.TryParse(runId, CultureInfo.InvariantCulture, out var run))
        {
            faults.Add(new Failure.Invalid("runId", "A run id is expected: 32 hex digits."));
        }
        return faults.Count > 0 ? Problems.From(faults)
            : Answer(await reader.ListOfRunAsync(run, size, pageToken, ct), static page => new RunArtifactPage([.. page.Items.Select(RunArtifactView.From)], page.Next), ArtifactVersionsJson.Default.RunArtifactPage);
    }

    private static IResult Answer<T, TView>(Result<T> found, Func<T, TView> view, JsonTypeInfo<TView> type) =>
        found.IsOk ? TypedResults.Json(view(found.Value), type) : Problems.From(found.Failure);

    private static Failure.Invalid WrongReference(string field) => new(field, "A version is named by its number, latest, md5:<32 hex digits>, sha256:<64 hex digits> or digest:<text>.");

    private static EntityTagHeaderValue TagOf(ArtifactVersion version) => new(string.Create(CultureInfo.InvariantCulture, $"\"{version.Number}.{version.Revision}\""));
}
