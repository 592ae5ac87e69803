using System.Globalization;
using ServerlessMeta.Triggers;
using ServerlessMeta.Ui.Monitoring;

namespace ServerlessMeta.Ui.Triggers;

/// <summary>What triggers and rules say, in words.</summary>
internal static class TriggerWords
{
    public static string AddressOf(Trigger trigger) => $"/triggers/{trigger.Id}";

    public static string AddressOfRule(string rule) => $"/rules/{Uri.EscapeDataString(rule)}";

    public static string TargetOf(Trigger trigger) =>
        trigger.ModelName is { } model ? string.Create(CultureInfo.InvariantCulture, $"{model} / {trigger.Version}") : trigger.Monitor ?? $"experiment {trigger.Experiment}";

    /// <summary>Where what it was fired for is watched.</summary>
    public static string TargetAddressOf(Trigger trigger) =>
        trigger.ModelName is { } model ? MonitoringAddress.OfVersion(model, trigger.Version)
        : trigger.Monitor is { } monitor ? MonitoringAddress.OfMonitor(monitor)
        : $"/experiments/{trigger.Experiment}";

    public static (string Text, string Kind) Of(Trigger trigger) => trigger switch
    {
        { IsExpired: true } => ("nothing came of it", ""),
        { Status: TriggerStatus.Suggested } => ("waits for approval", "warn"),
        { Status: TriggerStatus.Requested } => ("asked for", "info"),
        { Status: TriggerStatus.Started } => ("retraining", "info"),
        { Status: TriggerStatus.Failed } => ("retraining failed", "bad"),
        { Verdict: { } verdict } => OfOutcome(verdict.Outcome),
        _ => ("retrained", "info"),
    };

    public static (string Text, string Kind) OfOutcome(string outcome) => outcome switch
    {
        TriggerVerdict.Helped => ("it helped", "good"),
        TriggerVerdict.Same => ("no difference", "warn"),
        TriggerVerdict.Worse => ("it got worse", "bad"),
        _ => ("undecided yet", ""),
    };

    public static string Of(RuleMode mode) => mode switch
    {
        RuleMode.Auto => "acts by itself",
        RuleMode.Suggest => "suggests",
        _ => "off",
    };

    /// <summary>A word of JSON in words: <c>dataDrift</c> is <c>data drift</c>.</summary>
    public static string Spaced(string word) => string.Concat(word.Select(static letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}
