using Cronos;

namespace ServerlessMeta.Triggers;

/// <summary>Cron expressions of five fields in a time zone. In the night in which clocks are put forward an occurrence that the clocks skip comes right after; where they are put back one comes once.</summary>
internal static class RuleClock
{
    public const string Problem = "A cron expression of five fields is expected: minute, hour, day of month, month, day of week.";
    public const string ZoneProblem = "The name of a time zone is expected, as UTC or Europe/Berlin.";

    public static bool TryParse(string text, out CronExpression cron)
    {
        cron = CronExpression.Daily;
        // Cronos knows macros as @daily too.
        return text.Length <= 200 && CronExpression.TryParse(text, CronFormat.Standard, out cron!);
    }

    public static TimeZoneInfo? FindZone(string? name) =>
        string.IsNullOrEmpty(name) || name == "UTC" ? TimeZoneInfo.Utc : name.Length <= 100 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>The last occurrence behind a moment, up to another and it included; those before it are as good as one with it. Null: there is none.</summary>
    public static DateTimeOffset? LastIn(string cron, string? timeZone, DateTimeOffset after, DateTimeOffset until)
    {
        if (after >= until || !TryParse(cron, out var expression) || FindZone(timeZone) is not { } zone)
        {
            return null;
        }
        if (expression.GetNextOccurrence(after, zone) is not { } first || first > until)
        {
            return null;
        }
        // From near the end backwards, so that a year of missed minutes is not walked through.
        for (var back = TimeSpan.FromHours(1); until - back > first; back *= 8)
        {
            if (Last(expression, zone, until - back, until) is { } late)
            {
                return late;
            }
        }
        return Last(expression, zone, first - TimeSpan.FromMinutes(1), until) ?? first.ToUniversalTime();
    }

    /// <summary>Every occurrence behind a moment, up to another and it included.</summary>
    public static IEnumerable<DateTimeOffset> AllIn(string cron, string? timeZone, DateTimeOffset after, DateTimeOffset until)
    {
        if (!TryParse(cron, out var expression) || FindZone(timeZone) is not { } zone)
        {
            yield break;
        }
        for (var next = expression.GetNextOccurrence(after, zone); next <= until; next = expression.GetNextOccurrence(next.Value, zone))
        {
            yield return next.Value.ToUniversalTime();
        }
    }

    /// <summary>Whether one of the expressions names the minute.</summary>
    public static bool Names(IEnumerable<string> crons, string? timeZone, DateTimeOffset moment)
    {
        if (FindZone(timeZone) is not { } zone)
        {
            return false;
        }
        var minute = new DateTimeOffset(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return crons.Any(cron => TryParse(cron, out var expression) && expression.GetNextOccurrence(minute, zone, inclusive: true) == minute);
    }

    /// <summary>The first minute behind a moment that no expression names; when there is none in eight days, their end.</summary>
    public static DateTimeOffset EndOf(IReadOnlyCollection<string> crons, string? timeZone, DateTimeOffset moment)
    {
        var minute = new DateTimeOffset(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        for (var end = minute.AddDays(8); minute < end && Names(crons, timeZone, minute);)
        {
            minute = minute.AddMinutes(1);
        }
        return minute;
    }

    private static DateTimeOffset? Last(CronExpression cron, TimeZoneInfo zone, DateTimeOffset after, DateTimeOffset until)
    {
        DateTimeOffset? last = null;
        for (var next = cron.GetNextOccurrence(after, zone); next <= until; next = cron.GetNextOccurrence(next.Value, zone))
        {
            last = next.Value.ToUniversalTime();
        }
        return last;
    }
}
