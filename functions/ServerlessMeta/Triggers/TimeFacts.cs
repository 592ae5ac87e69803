using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.RunWatch;

namespace ServerlessMeta.Triggers;

/// <summary>What conditions that do not look at windows are judged by.</summary>
/// <param name="Now">The moment.</param>
internal sealed record TimeFacts(DateTimeOffset Now)
{
    /// <summary>Labelled rows of windows that start when the version was registered or later, or those that came since the last trigger of a monitor's rule.</summary>
    public long Labelled { get; init; }

    /// <summary>Rows of the baseline; 0: unknown.</summary>
    public long BaselineRows { get; init; }

    /// <summary>When the version was registered; null: there is none.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Since when schedules were not looked at.</summary>
    public DateTimeOffset ScheduledUntil { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>What was found wrong with runs in the last day, and no trigger told of yet.</summary>
    public ImmutableArray<RunAnomaly> Anomalies { get; init; } = [];

    /// <param name="condition">One that does not look at windows.</param>
    /// <param name="isOfWindow">A window is judged, not a moment: then no schedule is due, and no anomaly new.</param>
    public ConditionReading Read(RuleCondition condition, bool isOfWindow)
    {
        switch (condition.Signal)
        {
            case RuleSignal.NewData when condition.Metric == "share":
                return BaselineRows == 0 ? ConditionReading.Unknown(condition, "The rows of the baseline are not known.") : Judge(condition, (double)Labelled / BaselineRows, Labelled);
            case RuleSignal.NewData:
                return Judge(condition, Labelled, Labelled);
            case RuleSignal.Staleness:
                return Since is { } since ? Judge(condition, Math.Max(0, Math.Floor((Now - since).TotalSeconds)), 1) : ConditionReading.Unknown(condition, "There is no version.");
            case RuleSignal.Schedule:
                var moment = isOfWindow ? null : OccurrenceOf(condition);
                return Judge(condition, moment is null ? 0 : 1, 1) with { Reason = moment?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) };
            case RuleSignal.RunAnomaly:
                var meant = isOfWindow ? [] : Anomalies.Where(anomaly => (condition.Metric == "any" || anomaly.Kind == condition.Metric) && (condition.Columns is not ColumnChoice.Named named || named.Column == anomaly.Metric)).ToList();
                return Judge(condition, meant.Count, meant.Count) with
                {
                    Columns = [.. meant.Take(10).Select(static anomaly => new CauseColumn($"{anomaly.Run}/{anomaly.Metric}", anomaly.Kind, anomaly.Value is { } value && double.IsFinite(value) ? value : 0, null, null, null, null, anomaly.Step))],
                    Reason = meant.Count > 0 ? meant[0].Detail : null,
                };
            default:
                throw new InvalidOperationException($"{condition.Signal} looks at windows.");
        }
    }

    /// <summary>Names an anomaly in few letters.</summary>
    public static string NameOf(RunAnomaly anomaly) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{anomaly.Run}|{anomaly.Kind}|{anomaly.Step}|{anomaly.Metric}"))))[..12];

    public DateTimeOffset? OccurrenceOf(RuleCondition schedule) => RuleClock.LastIn(schedule.Cron!, schedule.TimeZone, ScheduledUntil, Now);

    private static ConditionReading Judge(RuleCondition condition, double value, long n) =>
        new() { Condition = condition, Value = value, N = n, Enters = value >= condition.Enter, Stays = value >= condition.Exit };
}
