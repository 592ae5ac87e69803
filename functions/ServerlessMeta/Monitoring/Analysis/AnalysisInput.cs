using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>All that a window's result is made from.</summary>
internal sealed record AnalysisInput
{
    public required string Window { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    public required int Revision { get; init; }

    public string? Cause { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Until when labels are waited for; null: as long after the end as the options say.</summary>
    public DateTimeOffset? LabelsUntil { get; init; }

    public required AnalysisOptions Options { get; init; }

    /// <summary>The baseline's number; 0: none.</summary>
    public required int BaselineNumber { get; init; }

    public DataProfile? Baseline { get; init; }

    /// <summary>The baseline's own predictions with labels (its training or validation rows), for reference performance and for calibration; empty: none.</summary>
    public ImmutableArray<JoinedPrediction> BaselinePredictions { get; init; } = [];

    /// <summary>The window's parts, merged.</summary>
    public required DataProfile Current { get; init; }

    /// <summary>The window's predictions in the order of their time and id, each once, with the label that counts.</summary>
    public ImmutableArray<JoinedPrediction> Predictions { get; init; } = [];

    /// <summary>Windows that had ended when it began, the latest last, for those that the options compare with.</summary>
    public ImmutableArray<EarlierWindow> Before { get; init; } = [];

    /// <summary>What the detectors remember of the windows before; null: nothing.</summary>
    public string? Detectors { get; init; }
}
