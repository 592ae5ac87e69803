using System.Collections.Immutable;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Experiments;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Triggers;

/// <summary>
/// Looks at what no window tells: schedules, new data, the age of versions, anomalies of runs, and triggers that something held back. Then at what came of triggers. It may run twice, late, or half way: each
/// rule is a transaction of its own. Two operations, one for triggers that are waited for, and three for each rule that there is something to look at.
/// </summary>
public sealed partial class RuleTimer
{
    private const int MostEvaluated = 1000;
    private static readonly TimeSpan Logged = TimeSpan.FromDays(90);

    private readonly RuleStore rules;
    private readonly RuleTargets targets;
    private readonly RuleRunner runner;
    private readonly TriggerFollowUp followUp;
    private readonly TriggerDispatcher dispatcher;
    private readonly ListAnomalies anomalies;
    private readonly TriggerTable table;
    private readonly ILogger<RuleTimer> logger;

    internal RuleTimer(RuleStore rules, RuleTargets targets, RuleRunner runner, TriggerFollowUp followUp, TriggerDispatcher dispatcher, ListAnomalies anomalies, TriggerTable table, ILogger<RuleTimer> logger) =>
        (this.rules, this.targets, this.runner, this.followUp, this.dispatcher, this.anomalies, this.table, this.logger) = (rules, targets, runner, followUp, dispatcher, anomalies, table, logger);

    public async Task RunAsync(CancellationToken ct)
    {
        var on = await rules.ListOnAsync(null, ct);
        var pending = on.Count == 0 ? [] : await ListPendingAsync(ct);
        var (models, isSent) = (new Dictionary<long, RegisteredModel?>(), false);
        // An alias may be gone: what the rule remembers of its version ends then.
        foreach (var rule in on.Where(rule => rule.Definition.IsTimed || pending.Contains(rule.Id) || rule.Definition.Target is RuleTarget.OfModel { Alias: not null }))
        {
            try
            {
                isSent |= await LookAsync(rule, pending.Contains(rule.Id), models, ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                // One rule that cannot be looked at keeps no other from it; what it missed it makes up for the next time.
                LogLeft(failed, rule.Id);
            }
        }
        if (isSent)
        {
            dispatcher.Nudge();
        }
        await followUp.RunAsync(ct);
    }

    /// <summary>Forgets windows that were judged long ago, and what was sent three months ago.</summary>
    public async Task TrimAsync(CancellationToken ct)
    {
        await foreach (var row in table.QueryAsync(TriggerKeys.States, null, ["RowKey", "id"], 1000, ct))
        {
            await TrimAsync(row.GetString("id"), ct);
        }
        var old = TableClient.CreateQueryFilter($"queued lt {table.Now - Logged} and status ne {(int)TriggerDeliveryStatus.Pending}");
        await RemoveAsync(table.QueryAsync(TriggerKeys.AllDeliveries, old, ["RowKey"], 1000, ct), ct);
    }

    private async Task<bool> LookAsync(Rule rule, bool isPending, Dictionary<long, RegisteredModel?> models, CancellationToken ct)
    {
        if (!models.TryGetValue(rule.Model, out var model))
        {
            models[rule.Model] = model = await targets.FindModelAsync(rule.Model, ct);
        }
        var version = model is null ? 0 : RuleTargets.VersionOf(rule.Definition.Target, model);
        if (rule.Model > 0 && version == 0)
        {
            await runner.ForgetAsync(rule, ct);
            return false;
        }
        if (!rule.Definition.IsTimed && !isPending)
        {
            return false;
        }
        var (since, labelled) = await targets.FindSinceAsync(rule.Definition, model, version, ct);
        return await runner.TickAsync(rule, model, version, async (state, stop) => new TimeFacts(table.Now)
        {
            // What was counted for another version counts no more.
            Labelled = labelled ?? (state.Version == version ? state.Labelled : 0),
            BaselineRows = state.Version == version ? state.BaselineRows : 0,
            Since = since,
            ScheduledUntil = state.ScheduledUntil,
            Anomalies = await AnomaliesAsync(rule, state, stop),
        }, ct) is true;
    }

    private async Task<ImmutableArray<RunAnomaly>> AnomaliesAsync(Rule rule, RuleState state, CancellationToken ct)
    {
        if (rule.Definition.Target is not RuleTarget.OfExperiment target || !ExperimentId.TryParse(target.Id, CultureInfo.InvariantCulture, out var experiment))
        {
            return [];
        }
        var from = table.Now - TimeSpan.FromDays(1);
        from = state.AnomaliesUntil - RuleEvaluator.Overlap > from ? state.AnomaliesUntil - RuleEvaluator.Overlap : from;
        var seen = state.AnomaliesSeen.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var found = ImmutableArray.CreateBuilder<RunAnomaly>();
        await foreach (var anomaly in anomalies(experiment, from, ct))
        {
            if (anomaly.At >= rule.UpdatedAt && anomaly.At > state.AnomaliesFloor && !seen.Contains(TimeFacts.NameOf(anomaly)))
            {
                found.Add(anomaly);
            }
        }
        return found.ToImmutable();
    }

    private async Task<HashSet<string>> ListPendingAsync(CancellationToken ct)
    {
        var pending = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in table.QueryAsync(TriggerKeys.States, TableClient.CreateQueryFilter($"pending eq {true}"), ["RowKey", "id"], 1000, ct))
        {
            pending.Add(row.GetString("id"));
        }
        return pending;
    }

    private async Task TrimAsync(string rule, CancellationToken ct)
    {
        var (kept, newest) = (0, (DateTimeOffset?)null);
        var old = new List<TableEntity>();
        await foreach (var row in table.QueryAsync(TriggerKeys.EvaluatedBy(rule), null, ["RowKey", "end"], 1000, ct))
        {
            if (++kept <= MostEvaluated)
            {
                continue;
            }
            newest ??= row.GetDateTimeOffset("end");
            old.Add(row);
        }
        if (newest is not { } until)
        {
            return;
        }
        // First that they are forgotten: a window that came anew meanwhile would else be counted as a new one.
        var isNoted = await TriggerTable.RepeatAsync(async () =>
        {
            if (await table.FindAsync(TriggerKeys.State(rule), ct) is not { } row || StateRow.To(row) is not { } state || state.ForgottenUntil >= until)
            {
                return "";
            }
            var write = WriteId.New();
            return await table.TryCommitAsync(table.Begin().Replace(StateRow.From(rule, state with { ForgottenUntil = until }, write), row.ETag), row.RowKey, write) ? "" : null;
        }, ct);
        if (isNoted is not null)
        {
            await RemoveAsync(old.ToAsyncEnumerable(), ct);
        }
    }

    private async Task RemoveAsync(IAsyncEnumerable<TableEntity> rows, CancellationToken ct)
    {
        await foreach (var some in rows.Chunk(TableLimits.TransactionRows).WithCancellation(ct))
        {
            var transaction = table.Begin();
            foreach (var row in some)
            {
                transaction.Remove(row.RowKey);
            }
            try
            {
                await transaction.CommitAsync(ct);
            }
            catch (RequestFailedException lost) when (lost.Status is 404)
            {
                // Another instance trims too; what is left goes the next time.
            }
        }
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Error, Message = "Rule {Rule} could not be looked at; the next timer will.")]
    private partial void LogLeft(Exception failed, string rule);
}
