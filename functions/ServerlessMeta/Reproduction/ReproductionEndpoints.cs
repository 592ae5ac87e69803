using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Environments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Reproduction;

/// <summary><c>/api/v1/runs/{runId}/reproduce</c> and <c>/reproducibility</c>: a run, to be run again.</summary>
internal static class ReproductionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/runs/{runId}/reproduce", ReproduceAsync).WithTags("runs").WithSummary("A zip with all that rebuilds a run: environment files, params, datasets, code, and a README with the steps. The same bytes for the same records.");
        routes.MapGet("/api/v1/runs/{runId}/reproducibility", JudgeAsync).WithTags("runs").WithSummary("Whether a run can be run again: reproducible, degraded or lost, and what is recorded of each part.");
    }

    private static async Task<IResult> ReproduceAsync(string runId, RebuildReader reader, CancellationToken ct)
    {
        var record = await ReadAsync(runId, reader, ct);
        return record.IsOk ? new Archive($"run-{runId}.zip", RebuildBundle.Of(record.Value)) : Problems.From(record.Failure);
    }

    private static async Task<IResult> JudgeAsync(string runId, RebuildReader reader, CancellationToken ct)
    {
        var record = await ReadAsync(runId, reader, ct);
        if (!record.IsOk)
        {
            return Problems.From(record.Failure);
        }
        var judged = Reproducibility.Of(record.Value);
        var json = new CanonicalJson();
        json.Object(null, () =>
        {
            json.Text("runId", runId).Text("verdict", judged.Verdict.ToString().ToLowerInvariant());
            json.List("parts", judged.Parts, part => json.Object(null, () => json.Text("part", part.Part).Text("status", part.Status.ToString().ToLowerInvariant()).Text("detail", part.Detail)));
        });
        return TypedResults.Bytes(json.ToUtf8(), "application/json");
    }

    private static async Task<Result<RebuildRecord>> ReadAsync(string runId, RebuildReader reader, CancellationToken ct) =>
        RunId.TryParse(runId, null, out var id) ? await reader.ReadAsync(id, ct) : new Failure.Invalid("runId", "A run id has 32 hex digits.");
}
