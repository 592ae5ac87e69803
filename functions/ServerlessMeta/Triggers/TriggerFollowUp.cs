using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Experiments;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.Triggers;

/// <summary>
/// What comes of triggers, for those of which more is waited for: runs that carry a trigger's id as a tag, versions that were registered from such a run, and whether they helped. One operation when nothing is
/// waited for. After thirty days in which nothing came, nothing is waited for any more.
/// </summary>
internal sealed partial class TriggerFollowUp(
    TriggerStore triggers, RuleTargets targets, ModelOrigins origins, RunSearch search, EvaluationStore evaluations, DirectionsOf directions, ListResults results, TriggerTable table, ILogger<TriggerFollowUp> logger)
{
    /// <summary>The tag of a run that names the trigger it answers.</summary>
    public const string Tag = "serverlessmeta.trigger";
    private const int MostAtOnce = 50;
    private const int MostRuns = 500;
    private static readonly TimeSpan Behind = TimeSpan.FromDays(400);
    private static readonly RunWords NoWords = new(static _ => "", static _ => "", "");
    private static readonly FieldSchema Schema = new() { Prefixes = [new FieldPrefix(FieldKind.Tag, ["tags"])] };

    public async Task RunAsync(CancellationToken ct)
    {
        var awaited = await triggers.ListAwaitedAsync(LogLeft, ct);
        if (await FindRunsAsync([.. awaited.Select(static one => one.Trigger)], ct))
        {
            awaited = await triggers.ListAwaitedAsync(LogLeft, ct);
        }
        foreach (var (before, wait) in awaited)
        {
            try
            {
                await FollowAsync(before, wait, ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                LogLeft(failed, before.Id);
            }
        }
    }

    private async Task FollowAsync(Trigger before, TableEntity wait, CancellationToken ct)
    {
        var trigger = before;
        if (before.Status is TriggerStatus.Completed && before is { NewVersion: 0, Model: > 0, Run: { } run })
        {
            if (await targets.FindModelAsync(before.Model, ct) is not { } model || await targets.VersionsOfRunAsync(model, before.Version, run, ct) is not [var version, ..])
            {
                await ExpireAsync(before, wait, null, ct);
                return;
            }
            var found = await triggers.CompleteAsync(before.Id, run, version, true, ct);
            if (!found.IsOk || await FindWaitAsync(before.Id, ct) is not { } next)
            {
                return;
            }
            (trigger, wait) = (found.Value, next);
        }
        if (trigger.Status is not TriggerStatus.Completed || trigger.NewVersion == 0)
        {
            await ExpireAsync(trigger, wait, null, ct);
            return;
        }
        // Evaluations tell nobody that they came.
        if (!TriggerRow.IsChanged(wait) && trigger.Verdict is { Basis: not (null or "evaluations") })
        {
            await ExpireAsync(trigger, wait, trigger.Verdict, ct);
            return;
        }
        var verdict = await JudgeAsync(trigger, ct);
        if (IsSame(verdict, trigger.Verdict))
        {
            if (!await ExpireAsync(trigger, wait, trigger.Verdict, ct) && TriggerRow.IsChanged(wait))
            {
                await triggers.NoteLookAsync(trigger, wait, ct);
            }
            return;
        }
        await triggers.JudgeAsync(trigger.Id, verdict, false, wait, ct);
    }

    private async Task<TriggerVerdict> JudgeAsync(Trigger trigger, CancellationToken ct)
    {
        var from = trigger.Windows.Select(static window => window.Start).Append(trigger.At - TimeSpan.FromDays(1)).Min();
        from = from < trigger.At - Behind ? trigger.At - Behind : from;
        var (old, now) = (await ListAsync(trigger.Model, trigger.Version, from, ct), await ListAsync(trigger.Model, trigger.NewVersion, from, ct));
        var first = VerdictMaker.Make(trigger, old, now, static () => null, table.Now);
        if (first.Basis is not null || await targets.FindModelAsync(trigger.Model, ct) is not { } model)
        {
            return first;
        }
        var (mine, other, policy) = (evaluations.MeasurementsAsync(trigger.Model, trigger.NewVersion, null, ct), evaluations.MeasurementsAsync(trigger.Model, trigger.Version, null, ct), directions(model, ct));
        var measured = (await other, await mine, await policy);
        return VerdictMaker.Make(trigger, old, now, () => measured, table.Now);
    }

    private async Task<List<WindowResult>> ListAsync(long model, int version, DateTimeOffset from, CancellationToken ct)
    {
        var found = new List<WindowResult>();
        await foreach (var result in results(MonitorTarget.Of(model, version), from, ct))
        {
            // Features of a thousand columns are not what is compared.
            found.Add(result with { Columns = [.. result.Columns.Where(static column => column.Role is not ColumnRole.Feature)], Alarms = [], Comparisons = [] });
        }
        return found;
    }

    // Ends the wait when it is over; what was judged last then stands.
    private async Task<bool> ExpireAsync(Trigger trigger, TableEntity wait, TriggerVerdict? verdict, CancellationToken ct)
    {
        if (table.Now < trigger.AwaitedUntil)
        {
            return false;
        }
        await triggers.JudgeAsync(trigger.Id, verdict is null ? null : verdict with { IsFinal = true, At = table.Now, Reason = $"{verdict.Reason} Nothing more came in thirty days." }, true, wait, ct);
        return true;
    }

    private async Task<TableEntity?> FindWaitAsync(string id, CancellationToken ct) => await table.FindAsync(TriggerKeys.Awaited(id), ct);

    // The newest run of each trigger tells how it went. Whether anything is new.
    private async Task<bool> FindRunsAsync(ImmutableArray<Trigger> all, CancellationToken ct)
    {
        var (open, isNew) = (new List<(Trigger Trigger, ExperimentId Experiment)>(), false);
        foreach (var trigger in all.Where(static trigger => trigger.Status is not TriggerStatus.Completed))
        {
            try
            {
                if (await ExperimentOfAsync(trigger, ct) is { } experiment)
                {
                    open.Add((trigger, experiment));
                }
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                LogLeft(failed, trigger.Id);
            }
        }
        foreach (var (experiment, some) in open.GroupBy(static one => one.Experiment).SelectMany(static group => group.Chunk(MostAtOnce).Select(chunk => (group.Key, chunk))))
        {
            try
            {
                isNew |= await FindRunsAsync(experiment, [.. some.Select(static one => one.Trigger)], ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                // An experiment that cannot be searched keeps no other from it.
                LogLeft(failed, some[0].Trigger.Id);
            }
        }
        return isNew;
    }

    private async Task<bool> FindRunsAsync(ExperimentId experiment, ImmutableArray<Trigger> some, CancellationToken ct)
    {
        var filter = string.Join(" OR ", some.Select(static trigger => $"tags.`{Tag}` = '{trigger.Id}'"));
        var query = RecordQuery.Parse(filter, [], Schema);
        var page = query.IsOk ? await search.SearchAsync([experiment], query.Value, NoWords, StageFilter.Active, MostRuns, null, ct) : query.Failure;
        if (!page.IsOk)
        {
            throw new InvalidOperationException(page.Failure.Detail);
        }
        var isNew = false;
        foreach (var trigger in some)
        {
            try
            {
                isNew |= page.Value.Items.Where(run => run.Tags.Any(tag => tag.Key == Tag && tag.Value == trigger.Id)).MaxBy(static run => run.Info.StartedAt) is { } run && await TakeAsync(trigger, run.Info, ct);
            }
            catch (Exception failed) when (!ct.IsCancellationRequested)
            {
                LogLeft(failed, trigger.Id);
            }
        }
        return isNew;
    }

    private async Task<bool> TakeAsync(Trigger trigger, RunInfo run, CancellationToken ct)
    {
        var id = run.Id.ToString();
        var isKnown = trigger.Run == id;
        var taken = run.Status switch
        {
            RunStatus.Finished => await triggers.CompleteAsync(trigger.Id, id, null, true, run.StartedAt, ct),
            RunStatus.Failed or RunStatus.Killed when !isKnown || trigger.Status is not TriggerStatus.Failed => await triggers.CompleteAsync(trigger.Id, id, null, false, run.StartedAt, ct),
            RunStatus.Running or RunStatus.Scheduled when !isKnown || trigger.Status is not TriggerStatus.Started => await triggers.StartAsync(trigger.Id, id, run.StartedAt, ct),
            _ => trigger,
        };
        return taken.IsOk && (taken.Value.Status, taken.Value.Run) != (trigger.Status, trigger.Run);
    }

    private async Task<ExperimentId?> ExperimentOfAsync(Trigger trigger, CancellationToken ct)
    {
        var named = trigger.Experiment ?? (trigger is { Model: > 0, Version: > 0 } ? (await origins.FindAsync(trigger.Model, trigger.Version, ct))?.Run?.Experiment : null);
        return ExperimentId.TryParse(named, CultureInfo.InvariantCulture, out var experiment) ? experiment : null;
    }

    private static bool IsSame(TriggerVerdict verdict, TriggerVerdict? before) => before is not null && verdict == before with { At = verdict.At };

    [LoggerMessage(EventId = 2221, Level = LogLevel.Error, Message = "What came of trigger {Trigger} could not be looked at; the next timer will.")]
    private partial void LogLeft(Exception failed, string trigger);
}
