using ServerlessMeta.Monitoring;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>What verdicts and states are called, and the kinds of their badges.</summary>
internal static class WatchWords
{
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Drift => "drift",
        Verdict.NoDrift => "steady",
        Verdict.Uncertain => "unclear",
        _ => "not judged",
    };

    /// <summary>The same of performance, where drift is for the worse.</summary>
    public static string OfPerformance(Verdict verdict) => verdict is Verdict.Drift ? "worse" : Of(verdict);

    public static string KindOf(Verdict verdict) => verdict switch
    {
        Verdict.Drift => "bad",
        Verdict.NoDrift => "good",
        Verdict.Uncertain => "warn",
        _ => "",
    };

    public static string Of(WindowState state) => state switch
    {
        WindowState.Open => "open",
        WindowState.Maturing => "labels may come",
        _ => "closed",
    };

    /// <summary>A p-value: what is very small is said to be so.</summary>
    public static string OfP(double p) => p < 1e-4 ? "< 0.0001" : p.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);

    public static string Span(DateTimeOffset start, DateTimeOffset end) => FormattableString.Invariant($"{start.UtcDateTime:yyyy-MM-dd HH:mm} to {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC");

    /// <summary>A window's start as the head of a narrow column.</summary>
    public static string Short(DateTimeOffset start, DateTimeOffset end) => end - start < TimeSpan.FromHours(20) ? FormattableString.Invariant($"{start.UtcDateTime:MM-dd HH:mm}") : FormattableString.Invariant($"{start.UtcDateTime:MM-dd}");
}
