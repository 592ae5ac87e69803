namespace ServerlessMeta.Monitoring;

/// <summary>A result as rows tell it.</summary>
internal sealed record ResultBrief
{
    /// <summary>1 for the first of its window.</summary>
    public required int Revision { get; init; }

    /// <summary>The blob that has the result.</summary>
    public required string Blob { get; init; }

    /// <summary>The baseline's number; 0: none.</summary>
    public required int Baseline { get; init; }

    public required WindowState State { get; init; }

    public required long Rows { get; init; }

    public required long Predictions { get; init; }

    public required long Labelled { get; init; }

    public required DateTimeOffset ComputedAt { get; init; }

    public string? Cause { get; init; }

    /// <summary>Of the window as a whole.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>Features that drifted, and those that were compared.</summary>
    public int Drifted { get; init; }

    public int Compared { get; init; }

    public static ResultBrief Of(WindowResult result, string blob)
    {
        var features = result.Columns.Where(static column => column.Role is ColumnRole.Feature).ToList();
        return new ResultBrief
        {
            Revision = result.Revision,
            Blob = blob,
            Baseline = result.Baseline,
            State = result.State,
            Rows = result.Rows,
            Predictions = result.Predictions,
            Labelled = result.Labelled,
            ComputedAt = result.ComputedAt,
            Cause = result.Cause,
            Verdict = result.Dataset.FirstOrDefault(static metric => metric.Metric == ResultAlerts.DriftShare)?.Verdict ?? Verdict.None,
            Drifted = features.Count(static column => column.Verdict is Verdict.Drift),
            Compared = features.Count(static column => column.Verdict is not Verdict.None),
        };
    }
}
