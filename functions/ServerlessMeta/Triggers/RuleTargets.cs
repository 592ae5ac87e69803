using System.Globalization;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>Finds what rules watch.</summary>
internal sealed class RuleTargets(ModelHistory models, CountLabelled labelled, FindCompared compared)
{
    public static string KeyOf(MonitorTarget target) => target.Monitor is null ? OfModel(target.Model) : target.Key;

    public static string OfModel(long model) => string.Create(CultureInfo.InvariantCulture, $"m.{model:d10}");

    /// <summary>The key of a target, and the model's number. A model must exist; a monitor or an experiment may come later.</summary>
    public async Task<Result<(string Key, long Model)>> ResolveAsync(RuleTarget target, CancellationToken ct)
    {
        switch (target)
        {
            case RuleTarget.OfModel named:
                var model = await models.FindAsync(named.Name, null, ct);
                if (!model.IsOk)
                {
                    return new Failure.Invalid("target.model", model.Failure.Detail);
                }
                return named.Version is { } version && !model.Value.Has(version)
                    ? new Failure.Invalid("target.version", string.Create(CultureInfo.InvariantCulture, $"Model '{named.Name}' has no version {version}."))
                    : (OfModel(model.Value.Number), model.Value.Number);
            case RuleTarget.OfMonitor monitor:
                return (MonitorTarget.Of(monitor.Name).Key, 0L);
            case RuleTarget.OfExperiment experiment:
                return ($"e.{experiment.Id}", 0L);
            default:
                throw new InvalidOperationException($"{target.GetType().Name} is no target.");
        }
    }

    /// <summary>Refuses a rule that compares with windows before while what it watches now does not: an operation or three, none for other rules. What is not watched yet may be set so later.</summary>
    public async Task<Failure.Invalid?> RefuseBaselinesAsync(RuleDefinition rule, CancellationToken ct)
    {
        var asked = rule.When.Conditions.Select(static condition => condition.Baseline).Where(static one => one != RuleCondition.Training).Distinct(StringComparer.Ordinal).ToList();
        if (asked.Count == 0 || await FindWatchedAsync(rule.Target, ct) is not { } target || await compared(target, ct) is not { } known)
        {
            return null;
        }
        var missing = asked.Where(one => !known.Contains(one, StringComparer.Ordinal)).ToList();
        return missing.Count == 0 ? null : new Failure.Invalid("when", $"Windows of what it watches are not compared with {string.Join(", ", missing)}: its monitoring options do not name it in compareWith.");
    }

    private async Task<MonitorTarget?> FindWatchedAsync(RuleTarget target, CancellationToken ct) => target switch
    {
        RuleTarget.OfMonitor monitor => MonitorTarget.Of(monitor.Name),
        RuleTarget.OfModel named when await models.FindAsync(named.Name, null, ct) is { IsOk: true, Value: var model } && VersionOf(named, model) is > 0 and var version => MonitorTarget.Of(model.Number, version),
        _ => null,
    };

    /// <summary>The model with a number, also when it is deleted; null when there is none.</summary>
    public async Task<RegisteredModel?> FindModelAsync(long number, CancellationToken ct) =>
        number > 0 && await models.FindEvenGoneAsync(string.Create(CultureInfo.InvariantCulture, $"number:{number}"), ct) is { IsOk: true, Value: var model } ? model : null;

    /// <summary>The version of a model; null when there is none.</summary>
    public async Task<ModelVersion?> FindVersionAsync(RegisteredModel model, int version, CancellationToken ct) =>
        await models.FindVersionAsync(model, version, null, ct) is { IsOk: true, Value: var found } ? found.Version : null;

    /// <summary>Since when a version is there, and how many labelled rows came since: each only when the rule asks for it. Null: it does not, or there is no model.</summary>
    public async Task<(DateTimeOffset? Since, long? Labelled)> FindSinceAsync(RuleDefinition rule, RegisteredModel? model, int version, CancellationToken ct)
    {
        var asksData = rule.When.Conditions.Any(static condition => condition.Signal is RuleSignal.NewData);
        if (model is null || !(asksData || rule.When.Conditions.Any(static condition => condition.Signal is RuleSignal.Staleness)))
        {
            return (null, null);
        }
        var since = (await FindVersionAsync(model, version, ct))?.CreatedAt;
        return (since, asksData ? since is { } created ? await labelled(MonitorTarget.Of(model.Number, version), created, ct) : 0 : null);
    }

    /// <summary>Versions of a model that came after one and that a run made, the newest first.</summary>
    public async Task<List<int>> VersionsOfRunAsync(RegisteredModel model, int after, string run, CancellationToken ct)
    {
        var (found, token) = (new List<int>(), (string?)null);
        while (model.LastVersion > after)
        {
            var page = await models.ListVersionsAsync(model, null, 100, token, ct);
            if (!page.IsOk)
            {
                break;
            }
            found.AddRange(page.Value.Items.Where(one => one.Version.Number > after && one.Version.Run?.ToString() == run).Select(static one => one.Version.Number));
            token = page.Value.Next;
            if (token is null || page.Value.Items.Any(one => one.Version.Number <= after))
            {
                break;
            }
        }
        return found;
    }

    /// <summary>Which version a rule watches now; 0: none.</summary>
    public static int VersionOf(RuleTarget target, RegisteredModel model)
    {
        if (target is not RuleTarget.OfModel named || model.Stage is not LifecycleStage.Active)
        {
            return 0;
        }
        return named.Version is { } number ? (model.Has(number) ? number : 0)
            : named.Alias is { } alias ? model.Aliases.GetValueOrDefault(alias)
            : model.Aliases.TryGetValue(RuleText.Champion, out var champion) ? champion
            : model.Stages.Where(static one => one.Value is ModelStage.Production).Select(static one => one.Key).LastOrDefault() is > 0 and var inProduction ? inProduction
            : model.Newest;
    }
}
