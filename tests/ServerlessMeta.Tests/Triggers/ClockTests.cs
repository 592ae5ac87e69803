using System.Globalization;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Tests.Triggers;

/// <summary>Schedules over time zones, days on which clocks change, and missed moments.</summary>
public sealed class ClockTests
{
    [Theory]
    // The clocks of Berlin go from 2 to 3 on 29 March 2026: what is due at 2:30 comes at 3, once.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z", "2026-03-29T01:00Z")]
    // And from 3 to 2 on 25 October: 2:30 comes once, the first time.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T12:00Z", "2026-10-25T00:30Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30Z", "2026-10-25T12:00Z", null)]
    [InlineData("0 3 * * *", "UTC", "2026-01-01T03:00Z", "2026-01-02T02:59Z", null)]
    [InlineData("0 3 * * *", "UTC", "2026-01-01T02:59Z", "2026-01-01T03:00Z", "2026-01-01T03:00Z")]
    [InlineData("0 3 * * *", null, "2026-01-01T00:00Z", "2026-06-01T00:00Z", "2026-05-31T03:00Z")]
    [InlineData("* * * * *", null, "2020-01-01T00:00Z", "2026-06-01T00:00Z", "2026-06-01T00:00Z")]
    [InlineData("0 0 29 2 *", null, "2020-03-01T00:00Z", "2026-06-01T00:00Z", "2024-02-29T00:00Z")]
    [InlineData("0 3 * * *", null, "2026-06-01T00:00Z", "2026-01-01T00:00Z", null)]
    [InlineData("0 0 31 2 *", null, "2020-01-01T00:00Z", "2026-01-01T00:00Z", null)]
    public void Of_missed_moments_the_last_is_told(string cron, string? zone, string after, string until, string? expected) =>
        Assert.Equal(expected is null ? null : At(expected), RuleClock.LastIn(cron, zone, At(after), At(until)));

    [Theory]
    [InlineData("* 22-23,0-5 * * *", "Europe/Berlin", "2026-01-01T21:00Z", true)]
    [InlineData("* 22-23,0-5 * * *", "Europe/Berlin", "2026-01-01T20:59Z", false)]
    [InlineData("* 22-23,0-5 * * *", "Europe/Berlin", "2026-07-01T20:00Z", true)]
    [InlineData("* 22-23,0-5 * * *", "Europe/Berlin", "2026-07-01T04:00Z", false)]
    [InlineData("* * * * 6,0", null, "2026-01-03T12:34Z", true)]
    [InlineData("* * * * 6,0", null, "2026-01-05T00:00Z", false)]
    public void A_minute_is_quiet_when_it_is_named(string cron, string? zone, string moment, bool expected)
    {
        Assert.Equal(expected, RuleClock.Names([cron], zone, At(moment)));
        Assert.Equal(expected, RuleClock.Names(["0 0 31 2 *", cron], zone, At(moment).AddSeconds(59)));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
