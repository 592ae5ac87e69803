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

    /// <summary>An alert's id in words.</summary>
    public static string OfAlert(string alert) => alert.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
        ? alert[..colon] switch
        {
            "column" => $"{alert[(colon + 1)..]} drifted",
            "performance" => $"{alert[(colon + 1)..]} got worse",
            _ => alert[(colon + 1)..] == "driftShare" ? "the window as a whole drifted" : $"{alert[(colon + 1)..]} of the whole drifted",
        }
        : alert;

    public static string Span(DateTimeOffset start, DateTimeOffset end) => FormattableString.Invariant($"{start.UtcDateTime:yyyy-MM-dd HH:mm} to {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC");

    /// <summary>A window's start as the head of a narrow column.</summary>
    public static string Short(DateTimeOffset start, DateTimeOffset end) => end - start < TimeSpan.FromHours(20) ? FormattableString.Invariant($"{start.UtcDateTime:MM-dd HH:mm}") : FormattableString.Invariant($"{start.UtcDateTime:MM-dd}");
}
