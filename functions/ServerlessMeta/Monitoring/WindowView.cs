using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring;

/// <summary>A window, and its newest result in brief.</summary>
public sealed record WindowView
{
    public required string Window { get; init; }

    public required DateTimeOffset Start { get; init; }

    /// <summary>Exclusive.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>When its first part came.</summary>
    public required DateTimeOffset Received { get; init; }

    /// <summary>Absent: nothing was computed yet.</summary>
    public ResultBriefView? Result { get; init; }

    /// <summary>Only of one window that is asked for.</summary>
    public ImmutableArray<PartView>? Parts { get; init; }

    internal static WindowView Of(MonitoredWindow window, IEnumerable<WindowPart>? parts = null) => new()
    {
        Window = window.Id,
        Start = window.Start,
        End = window.End,
        Received = window.ReceivedAt,
        Result = window.Latest is { } brief ? ResultBriefView.Of(brief) : null,
        Parts = parts is null ? null : [.. parts.OrderBy(static part => part.ReceivedAt).ThenBy(static part => part.Id, StringComparer.Ordinal).Select(PartView.Of)],
    };
}
