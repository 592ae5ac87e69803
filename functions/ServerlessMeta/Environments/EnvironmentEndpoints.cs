using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Environments;

/// <summary><c>/api/v1/runs/{runId}/environment</c>: what a run ran in.</summary>
internal static class EnvironmentEndpoints
{
    private const string Path = "/api/v1/runs/{runId}/environment";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(Path, PutAsync).WithTags("runs").WithSummary("Describe the environment of a run: files, docker, git, languages, packages, entryPoint, arguments, variables, seed; replaces what was described before. May be repeated.");
        routes.MapGet(Path, GetAsync).WithTags("runs").WithSummary("The environment of a run: its files, the packages and languages they name, image, code and launch. With ETag.");
        routes.MapGet($"{Path}/compare", CompareAsync).WithTags("runs").WithSummary("How the environment of another run (with) differs: packages added, removed, changed; languages, image, code, launch.");
    }

    private static async Task<IResult> PutAsync(string runId, HttpRequest request, EnvironmentStore environments, CancellationToken ct)
    {
        var run = IdOf(runId, "runId");
        var body = await JsonBody.ReadAsync(request, EnvironmentsJson.Default.EnvironmentDocument, EnvironmentRules.MaxRequestBytes, ct);
        if (!run.IsOk || !body.IsOk)
        {
            return Problems.From([.. new[] { run.Failure, body.Failure }.OfType<Failure.Invalid>()]);
        }
        var rules = new EnvironmentRules();
        var (content, launch) = (rules.ContentOf(body.Value), rules.LaunchOf(body.Value));
        if (rules.Faults.Count > 0)
        {
            return Problems.From(rules.Faults);
        }
        var noted = await environments.DescribeAsync(run.Value, content, launch, ct);
        return noted.IsOk ? Json(EnvironmentView.Of(noted.Value)) : Problems.From(noted.Failure);
    }

    private static async Task<IResult> GetAsync(string runId, HttpContext context, EnvironmentStore environments, RunStore runs, CancellationToken ct)
    {
        var run = await FindAsync(runId, "runId", runs, ct);
        if (!run.IsOk)
        {
            return Problems.From(run.Failure);
        }
        var etag = $"\"{environments.ETagOf(run.Value)}\"";
        context.Response.Headers.ETag = etag;
        var seen = context.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries);
        if (seen.Contains(etag, StringComparer.Ordinal) || seen.Contains($"W/{etag}", StringComparer.Ordinal))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }
        var found = await environments.ReadAsync(run.Value, ct);
        if (found.IsOk && !found.Value.IsEmpty)
        {
            // Any that there is, but there must be one.
            return seen.Contains("*", StringComparer.Ordinal) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : Json(EnvironmentView.Of(found.Value));
        }
        context.Response.Headers.Remove("ETag");
        return Problems.From(found.Failure ?? new Failure.NotFound("Environment of run", runId));
    }

    private static async Task<IResult> CompareAsync(string runId, string? with, EnvironmentStore environments, RunStore runs, CancellationToken ct)
    {
        var ids = new[] { IdOf(runId, "runId"), IdOf(with ?? "", "with") };
        if (ids.Any(static id => !id.IsOk))
        {
            return Problems.From([.. ids.Select(static id => id.Failure).OfType<Failure.Invalid>()]);
        }
        var found = await Task.WhenAll(ReadAsync(runId, environments, runs, ct), ReadAsync(with!, environments, runs, ct));
        return found[0].Failure is { } one ? Problems.From(one)
            : found[1].Failure is { } other ? Problems.From(other)
            : Json(EnvironmentView.Of(EnvironmentComparison.Of(found[0].Value, found[1].Value), found[0].Value, found[1].Value));
    }

    private static async Task<Result<RunEnvironment>> ReadAsync(string runId, EnvironmentStore environments, RunStore runs, CancellationToken ct)
    {
        var run = await FindAsync(runId, "runId", runs, ct);
        return run.IsOk ? await environments.ReadAsync(run.Value, ct) : run.Failure;
    }

    internal static async Task<Result<Run>> FindAsync(string runId, string field, RunStore runs, CancellationToken ct)
    {
        var id = IdOf(runId, field);
        if (!id.IsOk)
        {
            return id.Failure;
        }
        return await runs.FindAsync(id.Value, ct) is { } run ? run : new Failure.NotFound("Run", runId);
    }

    internal static IResult Json(CanonicalJson json) => TypedResults.Bytes(json.ToUtf8(), "application/json");

    private static Result<RunId> IdOf(string text, string field) =>
        RunId.TryParse(text, null, out var id) ? id : new Failure.Invalid(field, "A run id has 32 hex digits.");
}
