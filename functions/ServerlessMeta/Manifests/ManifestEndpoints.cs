using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Manifests;

/// <summary><c>/api/v1/runs/{runId}/manifest</c></summary>
internal static class ManifestEndpoints
{
    private const string Root = "/api/v1/runs/{runId}/manifest";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Root, GetAsync).WithTags("manifests").WithSummary("What a run read and made: path, size, MD5, SHA-256 and preview of each. The ETag is the manifest's SHA-256; version asks for one that was written before.")
            .Produces<RunManifest>();
        routes.MapGet(Root + "/versions", ListAsync).WithTags("manifests").WithSummary("The versions of a run's manifest that were written, newest first.").Produces<Paged<ManifestVersion>>();
        routes.MapGet(Root + "/diff", DiffAsync).WithTags("manifests").WithSummary("How a manifest (to; the present one when absent) differs from another (from), of this run or of the run named by with.")
            .Produces<ManifestDiff>();
    }

    private static async Task<IResult> GetAsync(string runId, string? version, ManifestStore manifests, CancellationToken ct)
    {
        if (!RunId.TryParse(runId, null, out var id))
        {
            return NoRun(runId);
        }
        if (version is not null)
        {
            return await manifests.FindAsync(id, version, ct) is { } found ? Answer(found.Json, version) : NoVersion(version);
        }
        var written = await manifests.WriteAsync(id, ct);
        return written.IsOk ? Answer(written.Value.Json, written.Value.Digest) : Problems.From(written.Failure);
    }

    private static async Task<IResult> ListAsync(string runId, ManifestStore manifests, RunStore runs, CancellationToken ct)
    {
        if (!RunId.TryParse(runId, null, out var id) || await runs.FindAsync(id, ct) is null)
        {
            return NoRun(runId);
        }
        return Results.Json(new Paged<ManifestVersion>(await manifests.ListAsync(id, ct), null), ManifestsJson.Default.PagedManifestVersion);
    }

    private static async Task<IResult> DiffAsync(string runId, string? from, string? to, string? with, ManifestStore manifests, CancellationToken ct)
    {
        if (!RunId.TryParse(runId, null, out var id))
        {
            return NoRun(runId);
        }
        var other = id;
        if (with is not null && !RunId.TryParse(with, null, out other))
        {
            return NoRun(with);
        }
        if (from is null && with is null)
        {
            return Problems.From(new Failure.Invalid("from", "Name the manifest to compare with by from (a digest), or another run by with."));
        }
        var before = await ReadAsync(manifests, other, from, ct);
        if (!before.IsOk)
        {
            return Problems.From(before.Failure);
        }
        var after = await ReadAsync(manifests, id, to, ct);
        return after.IsOk
            ? Results.Json(ManifestDiff.Of(before.Value.Digest, before.Value.Manifest, after.Value.Digest, after.Value.Manifest), ManifestsJson.Default.ManifestDiff)
            : Problems.From(after.Failure);
    }

    private static async Task<Result<(string Digest, RunManifest Manifest)>> ReadAsync(ManifestStore manifests, RunId id, string? digest, CancellationToken ct)
    {
        if (digest is null)
        {
            var written = await manifests.WriteAsync(id, ct);
            return written.IsOk ? (written.Value.Digest, written.Value.Manifest) : written.Failure;
        }
        return await manifests.FindAsync(id, digest, ct) is { } found ? (digest, found.Manifest) : new Failure.NotFound("Manifest", Cut(digest));
    }

    private static IResult Answer(BinaryData json, string digest) =>
        Results.Bytes(json.ToMemory(), "application/json", entityTag: new EntityTagHeaderValue($"\"{digest}\""));

    private static IResult NoRun(string runId) => Problems.From(new Failure.NotFound("Run", Cut(runId)));

    private static IResult NoVersion(string version) => Problems.From(new Failure.NotFound("Manifest", Cut(version)));

    private static string Cut(string text) => text.Length > 100 ? text[..100] : text;
}
