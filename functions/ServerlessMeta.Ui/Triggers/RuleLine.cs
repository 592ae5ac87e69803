using System.Globalization;
using ServerlessMeta.Triggers;
using ServerlessMeta.Ui.Monitoring;

namespace ServerlessMeta.Ui.Triggers;

/// <summary>A rule in a list.</summary>
/// <param name="When">When it fires, in words.</param>
/// <param name="State">What it remembers, in words; null: it was not read.</param>
/// <param name="Kind">Of the state's badge.</param>
public sealed record RuleLine(string Id, string Address, string Target, string TargetAddress, string When, string Mode, bool IsOff, string? State, string Kind, DateTimeOffset UpdatedAt, string UpdatedBy)
{
    internal static RuleLine Of(Rule rule, RuleState? state)
    {
        var (target, address) = TargetOf(rule.Definition.Target, state);
        return new RuleLine(
            rule.Id, TriggerWords.AddressOfRule(rule.Id), target, address, RuleSentence.Of(rule.Definition), TriggerWords.Of(rule.Definition.Mode), rule.Definition.Mode is RuleMode.Off,
            state is null ? null : state.IsFiring ? "firing" : state.Pending is not null ? "held back" : state.Unknown is not null ? "no data" : "quiet",
            state is null ? "" : state.IsFiring ? "bad" : state.Pending is not null || state.Unknown is not null ? "warn" : "good", rule.UpdatedAt, rule.UpdatedBy);
    }

    private static (string Text, string Address) TargetOf(RuleTarget target, RuleState? state) => target switch
    {
        RuleTarget.OfModel { Version: { } version } model => (string.Create(CultureInfo.InvariantCulture, $"{model.Name} / {version}"), MonitoringAddress.OfVersion(model.Name, version)),
        RuleTarget.OfModel model => ($"{model.Name} @{model.Alias ?? RuleText.Champion}", state is { Version: > 0 } known ? MonitoringAddress.OfVersion(model.Name, known.Version) : $"/models/{Uri.EscapeDataString(model.Name)}"),
        RuleTarget.OfMonitor monitor => (monitor.Name, MonitoringAddress.OfMonitor(monitor.Name)),
        RuleTarget.OfExperiment experiment => ($"experiment {experiment.Id}", $"/experiments/{Uri.EscapeDataString(experiment.Id)}"),
        _ => ("", "/monitoring"),
    };
}
