using System.Globalization;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>Which part of which window is posted.</summary>
/// <param name="Window">The window's id.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Part">The part's id; null: the digest of its content.</param>
internal sealed record WindowTerms(string Window, DateTimeOffset Start, DateTimeOffset End, string? Part)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    /// <summary>Null, with the faults noted, when it is not said.</summary>
    public static WindowTerms? Of(string? window, DateTimeOffset? start, DateTimeOffset? end, string? part, List<Failure.Invalid> faults)
    {
        foreach (var (name, given) in new[] { ("start", start), ("end", end) })
        {
            if (given is null && !faults.Exists(fault => fault.Field == name))
            {
                faults.Add(new Failure.Invalid(name, "It is needed."));
            }
        }
        if (start is not { } from || end is not { } below)
        {
            return null;
        }
        if (below <= from || below - from > Longest)
        {
            faults.Add(new Failure.Invalid("end", $"A window ends after it starts, and within {Longest.TotalDays:0} days."));
            return null;
        }
        return new WindowTerms(window ?? $"{Text(from)}-{Text(below)}", from, below, part);
    }

    /// <summary>Of the query, or of headers.</summary>
    public static WindowTerms? Of(MonitoringRequest request) => Of(
        request.Id("window", "Window-Id"), request.Instant("start", "Window-Start"), request.Instant("end", "Window-End"), request.Id("part", "Window-Part"), request.Faults);

    /// <summary>Of the members of a body.</summary>
    public static WindowTerms? Of(BodyReader body, List<Failure.Invalid> faults) => Of(
        body.Text("window", MonitoringRequest.LongestId), body.Instant("start"), body.Instant("end"), body.Text("part", MonitoringRequest.LongestId), faults);

    // As ISO 8601 writes it where a colon may not stand.
    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(at.Millisecond == 0 ? "yyyyMMdd'T'HHmmss'Z'" : "yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture);
}
