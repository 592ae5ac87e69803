using Microsoft.Extensions.Logging;
using ServerlessMeta.Models;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Triggers;

/// <summary>Judges each window that was computed by the rules that watch it.</summary>
internal sealed partial class RuleEvaluation(
    RuleStore rules, RuleTargets targets, RuleRunner runner, TriggerStore triggers, TriggerDispatcher dispatcher, TriggerTable table, ILogger<RuleEvaluation> logger)
{
    /// <summary>Two operations of a model, one of a monitor, when no rule watches; one more when some do, and four for each.</summary>
    public async Task EvaluateAsync(MonitorTarget target, WindowResult result, CancellationToken ct)
    {
        if (result.State is WindowState.Open)
        {
            // Half a window is no window; it comes again when its end has passed.
            return;
        }
        if (target.Model > 0)
        {
            await triggers.NoteWindowAsync(target.Model, target.Version, ct);
        }
        var watching = await rules.ListOnAsync(RuleTargets.KeyOf(target), ct);
        if (watching.Count == 0)
        {
            return;
        }
        var model = await targets.FindModelAsync(target.Model, ct);
        if (target.Model > 0 && model is null)
        {
            return;
        }
        var (isSent, outages) = (false, new List<Exception>());
        foreach (var rule in watching)
        {
            try
            {
                isSent |= await EvaluateAsync(rule, model, target, result, ct);
            }
            catch (Exception outage) when (Outage.IsAmbiguous(outage))
            {
                // The others are judged first; then the window counts as not judged, and comes again.
                outages.Add(outage);
            }
            catch (Exception bug) when (bug is not OutOfMemoryException)
            {
                // A rule that is broken must not keep windows from being judged by others for ever.
                LogBroken(bug, rule.Id, result.Window);
            }
        }
        if (isSent)
        {
            dispatcher.Nudge();
        }
        if (outages.Count > 0)
        {
            throw new AggregateException(outages);
        }
    }

    private async Task<bool> EvaluateAsync(Rule rule, RegisteredModel? model, MonitorTarget target, WindowResult result, CancellationToken ct)
    {
        for (var known = rule; known is { Definition.Mode: not RuleMode.Off } && known.Target == rule.Target; known = await rules.FindAsync(rule.Id, ct))
        {
            var definition = known.Definition;
            if (model is not null && RuleTargets.VersionOf(definition.Target, model) != target.Version)
            {
                return false;
            }
            var (since, labelled) = await targets.FindSinceAsync(definition, model, target.Version, ct);
            if (await runner.CountAsync(
                known, model, target.Version,
                state => WindowReading.Of(definition, result, new TimeFacts(table.Now) { Labelled = labelled ?? state.Labelled, BaselineRows = state.BaselineRows, Since = since }),
                result.Window, result.End, result.Revision, ct) is { } isSent)
            {
                return isSent;
            }
            // It was set anew since it was read: the window is judged by what it says now.
        }
        return false;
    }

    [LoggerMessage(EventId = 2231, Level = LogLevel.Error, Message = "Rule {Rule} could not judge window {Window}.")]
    private partial void LogBroken(Exception bug, string rule, string window);
}
