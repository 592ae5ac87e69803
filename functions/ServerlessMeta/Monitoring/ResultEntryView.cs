using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>A result in the list of results.</summary>
/// <param name="Alerts">What drifted or got worse: <c>column:{name}</c>, <c>dataset:{metric}</c>, <c>performance:{metric}</c>.</param>
public sealed record ResultEntryView(string Window, DateTimeOffset Start, DateTimeOffset End, ResultBriefView Result, ImmutableArray<string> Alerts)
{
    internal static ResultEntryView Of(ResultEntry entry) =>
        new(entry.Window, entry.Start, entry.End, ResultBriefView.Of(entry.Brief), [.. entry.DataAlerts, .. entry.PerformanceAlerts]);
}
