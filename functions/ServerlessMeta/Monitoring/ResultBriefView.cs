using System.Text.Json;

namespace ServerlessMeta.Monitoring;

/// <summary>A result in brief.</summary>
public sealed record ResultBriefView
{
    /// <summary>1 for the first of its window.</summary>
    public required int Revision { get; init; }

    /// <summary>Why it was computed again: <c>lateData</c>, <c>lateLabels</c>, <c>newBaseline</c>, <c>newOptions</c>, or <c>time</c> (it ended, or was waited for long enough).</summary>
    public string? Cause { get; init; }

    public required DateTimeOffset Computed { get; init; }

    /// <summary><c>open</c>, <c>maturing</c> or <c>closed</c>.</summary>
    public required string State { get; init; }

    /// <summary>The baseline's number; 0: there was none.</summary>
    public required int Baseline { get; init; }

    public required long Rows { get; init; }

    public required long Predictions { get; init; }

    public required long Labelled { get; init; }

    /// <summary>Of the window as a whole: <c>none</c>, <c>noDrift</c>, <c>drift</c> or <c>uncertain</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>Features that drifted.</summary>
    public required int Drifted { get; init; }

    /// <summary>Features that were compared.</summary>
    public required int Compared { get; init; }

    internal static ResultBriefView Of(ResultBrief brief) => new()
    {
        Revision = brief.Revision,
        Cause = brief.Cause,
        Computed = brief.ComputedAt,
        State = JsonNamingPolicy.CamelCase.ConvertName(brief.State.ToString()),
        Baseline = brief.Baseline,
        Rows = brief.Rows,
        Predictions = brief.Predictions,
        Labelled = brief.Labelled,
        Verdict = JsonNamingPolicy.CamelCase.ConvertName(brief.Verdict.ToString()),
        Drifted = brief.Drifted,
        Compared = brief.Compared,
    };
}
