namespace ServerlessMeta.Triggers;

/// <summary>When a message that the broker did not take is tried again: after 1 s, 3 s, 9 s and so on up to an hour, each a fifth more or less by chance; given up at the twelfth attempt, about four hours after the first.</summary>
internal static class BusSchedule
{
    public const int Attempts = 12;
    private const double Growth = 3;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="attempts">How many failed.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan WaitAfter(int attempts, double chance) =>
        TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(Growth, Math.Clamp(attempts - 1, 0, 20))) * (0.8 + (0.4 * chance)));
}
