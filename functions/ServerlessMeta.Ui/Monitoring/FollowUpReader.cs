using System.Collections.Immutable;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Triggers;
using ServerlessMeta.Ui.Triggers;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>Reads the rules that look at something, with their states, and the triggers that they fired: two operations, and one for each rule.</summary>
internal sealed class FollowUpReader(RuleStore rules, TriggerStore triggers)
{
    private const int Rules = 100;
    private const int States = 10;
    private const int Fired = 20;
    private const int Looked = 100;

    public async Task<(ImmutableArray<RuleLine> Rules, ImmutableArray<TriggerLine> Triggers)> ReadAsync(MonitorTarget target, CancellationToken ct)
    {
        // Triggers of monitors are not listed by their monitor.
        var listing = triggers.ListAsync(target.Monitor is null ? new TriggerFilter(target.Model, target.Version) : new TriggerFilter(), target.Monitor is null ? Fired : Looked, null, ct);
        var page = await rules.ListAsync(target.Model > 0 ? target.Model : null, Rules, null, ct);
        var own = page.IsOk ? page.Value.Items.Where(rule => rule.Target == RuleTargets.KeyOf(target)).ToList() : [];
        var lines = await Task.WhenAll(own.Select(async (rule, at) => RuleLine.Of(rule, at < States ? await rules.FindStateAsync(rule.Id, ct) : null)));
        var fired = await listing;
        return ([.. lines], [.. fired.IsOk ? fired.Value.Items.Where(one => target.Monitor is null || one.Monitor == target.Monitor).Take(Fired).Select(TriggerLine.Of) : []]);
    }
}
