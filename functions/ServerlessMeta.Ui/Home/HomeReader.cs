using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Experiments;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;
using ServerlessMeta.Triggers;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Home;

/// <summary>Reads what matters now: the experiments, two operations for each of the five that changed last, the registry, the triggers, and two for each model in production and for each that waits for approval.</summary>
internal sealed class HomeReader(ExperimentStore experiments, RunSearch runs, RegistryIndex registry, TriggerStore triggers, PolicyStore policies, ApprovalStore approvals, IEnumerable<DriftOfVersion> drift, UiWords words)
{
    private const int MostExperiments = 8;
    private const int MostRuns = 8;
    private const int MostModels = 8;
    private const int MostWaiting = 5;
    private const int LookedAtTriggers = 50;
    private static readonly string[] ProductionAliases = ["champion", "production", "prod"];

    public async Task<HomeModel> ReadAsync(IReadOnlyList<Snippet> firstSteps, CancellationToken ct)
    {
        var (fired, models) = (triggers.ListAsync(new TriggerFilter(), LookedAtTriggers, null, ct), registry.ReadAsync(ct));
        var recent = RecentExperiments.Of(await experiments.ListAsync(ct), MostExperiments);
        var (found, isRunning) = await RunsAsync([.. recent.Take(SearchLive.MostRecent)], ct);
        var all = await models ?? [];
        var (inProduction, waiting) = (ProductionAsync(all, ct), WaitingAsync(all, ct));
        var open = (await fired).Value.Items.Where(static one => one.IsAwaited).ToList();
        var suggested = open.Where(static one => one.Status is TriggerStatus.Suggested).Take(MostWaiting)
            .Select(static one => new HomeApproval($"Retrain {TargetOf(one)}", $"/triggers/{one.Id}", $"rule {one.Rule} suggests it"));
        ImmutableArray<HomeApproval> mine = [.. await waiting, .. Caller.Current.Role >= Role.Writer ? suggested : []];
        return new HomeModel(
            recent, found, isRunning, await inProduction, [.. open.Take(MostRuns).Select(static one => new HomeTrigger(one, TargetOf(one), WhyOf(one)))], mine,
            found.IsEmpty && all.Count == 0 ? firstSteps : null);
    }

    // Those that go on; when none does, the last ones.
    private async Task<(ImmutableArray<HomeRun> Runs, bool IsRunning)> RunsAsync(ImmutableArray<Experiment> within, CancellationToken ct)
    {
        var running = await FindAsync(within, $"attributes.status = '{words.RunWords.Status(RunStatus.Running)}'", ct);
        return running.IsEmpty ? (await FindAsync(within, null, ct), false) : (running, true);
    }

    private async Task<ImmutableArray<HomeRun>> FindAsync(ImmutableArray<Experiment> within, string? filter, CancellationToken ct)
    {
        var query = RecordQuery.Parse(filter, ["attributes.start_time DESC"], words.Runs).Value;
        var found = await runs.SearchAsync([.. within.Select(static one => one.Id)], query, words.RunWords, StageFilter.Active, MostRuns, null, ct);
        var names = within.ToDictionary(static one => one.Id, static one => one.Name);
        return [.. found.Value.Items.Select(run => new HomeRun(run.Info, names[run.Info.Id.Experiment], LatestOf(run)))];
    }

    private static (string Name, double Value, long Step)? LatestOf(Run run) =>
        run.Metrics.Where(static one => !one.Key.StartsWith("system/", StringComparison.Ordinal)).OrderByDescending(static one => one.Timestamp).ThenBy(static one => one.Key, StringComparer.Ordinal)
            .Select(static one => ((string, double, long)?)(one.Key, one.Value, one.Step)).FirstOrDefault();

    private async Task<ImmutableArray<HomeModelVersion>> ProductionAsync(IReadOnlyList<IndexedModel> all, CancellationToken ct)
    {
        var holders = all.OrderByDescending(static one => one.Model.UpdatedAt).SelectMany(static one => HoldersOf(one.Model)).Take(MostModels).ToList();
        return [.. await Task.WhenAll(holders.Select(async holder => new HomeModelVersion(holder.Model.Name, holder.Version, holder.Holds, await DriftAsync(holder.Model, holder.Version, ct))))];
    }

    private async Task<VersionDrift?> DriftAsync(RegisteredModel model, int version, CancellationToken ct)
    {
        foreach (var watcher in drift)
        {
            if (await watcher(model, version, ct) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    private static IEnumerable<(RegisteredModel Model, int Version, ImmutableArray<string> Holds)> HoldersOf(RegisteredModel model) =>
        model.Aliases.Where(static alias => ProductionAliases.Contains(alias.Key, StringComparer.OrdinalIgnoreCase)).Select(static alias => (Version: alias.Value, Name: alias.Key))
            .Concat(model.Stages.Where(static stage => stage.Value is ModelStage.Production).Select(static stage => (Version: stage.Key, Name: nameof(ModelStage.Production))))
            .GroupBy(static one => one.Version).Select(group => (model, group.Key, group.Select(static one => one.Name).ToImmutableArray()));

    private async Task<ImmutableArray<HomeApproval>> WaitingAsync(IReadOnlyList<IndexedModel> all, CancellationToken ct)
    {
        var caller = Caller.Current;
        if (caller.Role < Role.Approver)
        {
            return [];
        }
        var candidates = all.Where(static one => one.Model.Policy > 0 && one.Model.Newest > 0).OrderByDescending(static one => one.Model.UpdatedAt).Take(MostWaiting);
        var found = await Task.WhenAll(candidates.Select(one => WaitingAsync(one, caller, ct)));
        return [.. found.OfType<HomeApproval>()];
    }

    private async Task<HomeApproval?> WaitingAsync(IndexedModel indexed, Caller caller, CancellationToken ct)
    {
        var model = indexed.Model;
        if (indexed.Versions.LastOrDefault() is not { } newest || await policies.FindInForceAsync(model, ct) is not { } policy)
        {
            return null;
        }
        var said = await approvals.ReadAsync(model.Number, newest.Number, null, ct);
        var targets = policy.Content.Gates.Where(gate => IsWaiting(gate, model, newest, said, caller)).Select(static gate => gate.Target.ToString()).ToList();
        return targets.Count == 0 ? null : new HomeApproval(
            $"{model.Name} version {newest.Number.ToString(CultureInfo.InvariantCulture)}",
            string.Create(CultureInfo.InvariantCulture, $"/models/{Uri.EscapeDataString(model.Name)}/versions/{newest.Number}"), $"for {string.Join(", ", targets)}");
    }

    private static bool IsWaiting(Gate gate, RegisteredModel model, ModelVersion version, ImmutableArray<Approval> said, Caller caller)
    {
        if (gate.Approvals is not { } wanted || caller.Role < wanted.Role || GateReader.HolderOf(gate.Target, model, version.Number) == version.Number || (wanted.NotByAuthor && Standing.Persons.Equals(version.Author, caller.Name)))
        {
            return false;
        }
        var standing = Standing.Of(said, gate.Target);
        return standing.Rejections.IsEmpty && standing.Approvals.Length < wanted.Count && !standing.Approvals.Any(one => Standing.Persons.Equals(one.By, caller.Name));
    }

    private static string TargetOf(Trigger trigger) => trigger.ModelName is { } model ? string.Create(CultureInfo.InvariantCulture, $"{model} version {trigger.Version}") : trigger.Monitor ?? $"experiment {trigger.Experiment}";

    private static string WhyOf(Trigger trigger) => trigger.Cause.FirstOrDefault(static one => one.Hit) is { } cause
        ? cause.Value is { } value ? $"{cause.Metric} {Figures.Text(value)} {cause.Op} {Figures.Text(cause.Threshold)}" : cause.Reason ?? cause.Signal
        : trigger.Rule;
}
