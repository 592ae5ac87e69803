using System.Collections.Immutable;

namespace ServerlessMeta.App;

/// <summary>The timers, as the Functions host declares them and as Local drives them.</summary>
public static class TimerSchedules
{
    public const string Outbox = "outbox";
    public const string OutboxCron = "0 */5 * * * *";
    public const string Upkeep = "upkeep";
    public const string UpkeepCron = "0 3/15 * * * *";

    public static readonly ImmutableArray<TimerSchedule> All =
    [
        new(Outbox, OutboxCron, TimeSpan.FromMinutes(5), TimeSpan.Zero),
        new(Upkeep, UpkeepCron, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(3)),
    ];
}
