using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Access;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Ownership;

/// <summary>Owners of runs and experiments: the tag <c>owner</c>, so that searches find them and any client sees them.</summary>
public static class OwnerEndpoints
{
    private const string Key = "owner";
    private const int BodyBytes = 4 * 1024;
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var owners = routes.MapGroup("").WithTags("ownership");
        Describe(owners.MapPut("/api/v1/runs/{runId}/owner", PutOfRunAsync), "Name who answers for a run: owner, or null for nobody. It is the run's tag owner. It may be repeated.").Accepts<OwnerView>("application/json");
        Describe(owners.MapGet("/api/v1/runs/{runId}/owner", GetOfRunAsync), "Who answers for a run.");
        Describe(owners.MapPut("/api/v1/experiments/{experimentId}/owner", PutOfExperimentAsync), "Name who answers for an experiment: owner, or null for nobody. It is the experiment's tag owner. It may be repeated.").Accepts<OwnerView>("application/json");
        Describe(owners.MapGet("/api/v1/experiments/{experimentId}/owner", GetOfExperimentAsync), "Who answers for an experiment.");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string summary) =>
        route.WithSummary(summary).Produces<OwnerView>().ProducesProblem(400, Problem).ProducesProblem(404, Problem);

    private static async Task<IResult> PutOfRunAsync(string runId, HttpRequest request, RunStore runs, CancellationToken ct)
    {
        if (!RunId.TryParse(runId, CultureInfo.InvariantCulture, out var id))
        {
            return WrongRun;
        }
        var owner = await ReadAsync(request, ct);
        if (owner.Refusal is not null)
        {
            return owner.Refusal;
        }
        var set = owner.Name is { } name ? await runs.SetTagAsync(id, Key, _ => name, ct) : await runs.DeleteTagAsync(id, Key, ct);
        return Answer(owner.Name, set.Failure);
    }

    private static async Task<IResult> GetOfRunAsync(string runId, RunStore runs, CancellationToken ct) =>
        !RunId.TryParse(runId, CultureInfo.InvariantCulture, out var id) ? WrongRun
        : await runs.FindAsync(id, ct) is { } run ? Answer(OwnerOf(run.Tags), null)
        : Problems.From(new Failure.NotFound("Run", runId));

    private static async Task<IResult> PutOfExperimentAsync(string experimentId, HttpRequest request, ExperimentStore experiments, CancellationToken ct)
    {
        if (!ExperimentId.TryParse(experimentId, CultureInfo.InvariantCulture, out var id))
        {
            return NoExperiment(experimentId);
        }
        var owner = await ReadAsync(request, ct);
        if (owner.Refusal is not null)
        {
            return owner.Refusal;
        }
        var set = owner.Name is { } name ? await experiments.SetTagAsync(id, new Tag(Key, name), ct) : await experiments.DeleteTagAsync(id, Key, ct);
        return Answer(owner.Name, set.Failure);
    }

    private static async Task<IResult> GetOfExperimentAsync(string experimentId, ExperimentStore experiments, CancellationToken ct) =>
        ExperimentId.TryParse(experimentId, CultureInfo.InvariantCulture, out var id) && await experiments.FindAsync(id, ct) is { } experiment
            ? Answer(OwnerOf(experiment.Tags), null)
            : NoExperiment(experimentId);

    private static async Task<(string? Name, IResult? Refusal)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(request, OwnershipJson.Default.JsonElement, BodyBytes, ct);
        if (!body.IsOk)
        {
            return (null, Problems.From(body.Failure));
        }
        var members = new JsonMembers(body.Value, Key);
        var text = members.Text(Key, int.MaxValue);
        var name = text is null ? null : CallerName.Read(text);
        if (members.Faults.Count == 0 && !body.Value.TryGetProperty(Key, out _))
        {
            members.Refuse(Key, "It is needed; null is nobody.");
        }
        if (text is not null && name is null)
        {
            members.Refuse(Key, CallerName.Rule);
        }
        return (name, members.Faults.Count > 0 ? Problems.From(members.Faults) : null);
    }

    // That there was no owner to take away is no fault.
    private static IResult Answer(string? owner, Failure? failure) =>
        failure is null or Failure.NotFound { Kind: "Tag" } ? TypedResults.Json(new OwnerView(owner), OwnershipJson.Default.OwnerView) : Problems.From(failure);

    private static string? OwnerOf(IEnumerable<Tag> tags) => tags.Where(static tag => tag.Key == Key).Select(static tag => tag.Value).FirstOrDefault();

    private static IResult WrongRun => Problems.From(new Failure.Invalid("runId", "A run id is expected: 32 hex digits."));

    private static IResult NoExperiment(string id) => Problems.From(new Failure.NotFound("Experiment", id.Length <= 60 ? id : id[..60] + "..."));
}
