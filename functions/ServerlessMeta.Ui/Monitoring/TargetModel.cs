using System.Collections.Immutable;
using ServerlessMeta.Ui.Parts;
using ServerlessMeta.Ui.Triggers;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>Something that is watched.</summary>
public sealed record TargetModel
{
    public required string Name { get; init; }

    /// <summary>Of this page.</summary>
    public required string Address { get; init; }

    /// <summary>Of the model version; null: a monitor.</summary>
    public string? Registered { get; init; }

    /// <summary>Where its endpoints begin.</summary>
    public required string Api { get; init; }

    /// <summary>In words; null: there is none.</summary>
    public string? Baseline { get; init; }

    public DateTimeOffset? BaselineAt { get; init; }

    /// <summary>How it is judged, in words.</summary>
    public required string Judged { get; init; }

    /// <summary>What is open.</summary>
    public AlertGroups Alerts { get; init; } = AlertGroups.None;

    /// <summary>Null: nothing was computed yet.</summary>
    public HeatMap? Map { get; init; }

    /// <summary>The page with all columns.</summary>
    public required string AllColumns { get; init; }

    /// <summary>The page with the windows before these; null: there are none.</summary>
    public string? Older { get; init; }

    /// <summary>The page with the last windows; null: it is this one.</summary>
    public string? Newest { get; init; }

    public WindowDetail? Detail { get; init; }

    public PerformanceModel? Performance { get; init; }

    /// <summary>The last first.</summary>
    public ImmutableArray<WindowLine> Windows { get; init; } = [];

    public ImmutableArray<RuleLine> Rules { get; init; } = [];

    public ImmutableArray<TriggerLine> Triggers { get; init; } = [];

    /// <summary>How a baseline and a window are posted.</summary>
    public required IReadOnlyList<Snippet> FirstSteps { get; init; }
}
