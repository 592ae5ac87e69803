using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Triggers;
using ServerlessMeta.Ui.Monitoring;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Triggers;

/// <summary>From the cause of a trigger to its verdict: what happened, and what is awaited.</summary>
internal static class ChainMaker
{
    private const int Named = 8;

    /// <param name="run">The run that answers it; null: it was not read, or there is none.</param>
    public static ImmutableArray<ChainStep> Of(Trigger trigger, TriggerRunView? run) =>
    [
        new("Cause", CauseOf(trigger), trigger.Windows is [.., var window] ? MonitoringAddress.With(TriggerWords.TargetAddressOf(trigger), ("window", window.Window)) + "#detail" : TriggerWords.TargetAddressOf(trigger), trigger.At, "warn"),
        TriggerOf(trigger),
        .. trigger.Run is null && trigger.IsExpired ? ImmutableArray<ChainStep>.Empty : [RunOf(trigger, run), VersionOf(trigger), VerdictOf(trigger)],
    ];

    /// <summary>A condition as it was when the trigger fired.</summary>
    public static string Sentence(TriggerCause cause) => cause.Value is not { } value
        ? $"{TriggerWords.Spaced(cause.Signal)} {cause.Metric}: unknown{(cause.Reason is { } why ? $" ({why})" : "")}"
        : cause.Metric == RuleCondition.Verdict ? $"{TriggerWords.Spaced(cause.Signal)}: {(cause.Hit ? "drift" : "none")}{Of(cause)}{Against(cause)}"
        : $"{TriggerWords.Spaced(cause.Signal)} {cause.Metric} {Figures.Text(value)} {(cause.Hit ? "" : "not ")}{Sign(cause.Op)} {Figures.Text(cause.Threshold)}{Of(cause)}{Against(cause)}";

    /// <summary>By what a condition was judged, the worst first.</summary>
    public static string Columns(TriggerCause cause)
    {
        var columns = cause.Columns.IsDefault ? [] : cause.Columns;
        // Of verdicts the value is 1 where it says drift.
        return cause.Metric == RuleCondition.Verdict
            ? string.Join(", ", columns.Where(static one => one.Value > 0).Select(static one => one.Column ?? one.Metric))
            : string.Join("; ", columns.Take(Named).Select(static one => $"{one.Column ?? "the window"}: {one.Metric} {Figures.Text(one.Value)}{(one.Reference is { } reference ? $" (baseline {Figures.Text(reference)})" : "")}"));
    }

    public static string Sign(string comparison) => comparison switch { ">=" => "≥", "<=" => "≤", _ => comparison };

    private static string Of(TriggerCause cause) => cause.Columns.IsDefaultOrEmpty || cause.Columns.All(static one => one.Column is null) ? "" : $" ({string.Join(", ", cause.Columns.Where(static one => one.Column is not null).Take(3).Select(static one => one.Column))}{(cause.Columns.Length > 3 ? ", ..." : "")})";

    private static string Against(TriggerCause cause) => cause.Baseline is { } baseline ? $", against {baseline}" : "";

    private static string CauseOf(Trigger trigger)
    {
        var hits = trigger.Cause.Where(static cause => cause.Hit).Select(Sentence).ToList();
        var counted = trigger.Windows.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $", in {trigger.Windows.Count(static window => window.Hit)} of {trigger.Windows.Length} windows") : "";
        return (hits.Count == 0 ? "by the clock" : string.Join("; ", hits)) + counted;
    }

    private static ChainStep TriggerOf(Trigger trigger) => trigger switch
    {
        { IsUndelivered: true } => new("Trigger", "could not be delivered", TriggerWords.AddressOf(trigger), trigger.FiredAt, "bad"),
        { Status: TriggerStatus.Suggested } => new("Trigger", "suggested: waits for approval", TriggerWords.AddressOf(trigger), trigger.FiredAt, "warn"),
        { ApprovedBy: { } by } => new("Trigger", $"sent, approved by {by}", TriggerWords.AddressOf(trigger), trigger.ApprovedAt, "info"),
        _ => new("Trigger", trigger.Actions.IsEmpty ? "recorded" : "sent", TriggerWords.AddressOf(trigger), trigger.FiredAt, "info"),
    };

    private static ChainStep RunOf(Trigger trigger, TriggerRunView? run) => trigger switch
    {
        { Run: { } id } => new("Run", $"{run?.Name ?? "…" + id[^Math.Min(8, id.Length)..]}{(trigger.Status is TriggerStatus.Failed ? " failed" : "")}", $"/runs/{id}", trigger.StartedAt, trigger.Status is TriggerStatus.Failed ? "bad" : "info"),
        { Status: TriggerStatus.Started or TriggerStatus.Completed } => new("Run", "began, its run is not known", null, trigger.StartedAt, "info"),
        { Status: TriggerStatus.Failed } => new("Run", "failed", null, trigger.CompletedAt, "bad"),
        _ => new("Run", "awaited", null, null, ""),
    };

    private static ChainStep VersionOf(Trigger trigger) => trigger is { NewVersion: > 0, ModelName: { } model }
        ? new("Version", string.Create(CultureInfo.InvariantCulture, $"{model} / {trigger.NewVersion}"), MonitoringAddress.OfRegistered(model, trigger.NewVersion), trigger.CompletedAt, "info")
        : new("Version", trigger.Status is TriggerStatus.Failed ? "none" : "awaited", null, null, "");

    private static ChainStep VerdictOf(Trigger trigger)
    {
        if (trigger.Verdict is not { } verdict)
        {
            return new("Verdict", trigger.Status is TriggerStatus.Failed ? "none" : "awaited", null, null, "");
        }
        var (text, kind) = TriggerWords.OfOutcome(verdict.Outcome);
        var figures = verdict is { Old: { } old, New: { } fresh, Metric: { } metric } ? $": {metric} {Figures.Text(old.Value)} → {Figures.Text(fresh.Value)}" : "";
        return new("Verdict", text + figures + (verdict.IsFinal ? "" : ", for now"), TriggerWords.AddressOf(trigger) + "#verdict", verdict.At, kind);
    }
}
