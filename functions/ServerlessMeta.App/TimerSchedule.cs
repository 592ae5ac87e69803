namespace ServerlessMeta.App;

/// <summary>A timer: <paramref name="Cron"/> in six fields says to Functions what <paramref name="Every"/> and <paramref name="Offset"/> (from the full hour) say to Local.</summary>
public sealed record TimerSchedule(string Name, string Cron, TimeSpan Every, TimeSpan Offset)
{
    public DateTimeOffset NextAfter(DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero);
        var due = hour + Offset;
        while (due <= now)
        {
            due += Every;
        }
        return due;
    }
}
