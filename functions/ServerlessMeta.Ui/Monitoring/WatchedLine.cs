using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>Something that is watched, as a line of the overview.</summary>
public sealed record WatchedLine
{
    public required string Name { get; init; }

    public required string Address { get; init; }

    /// <summary>A monitor has no model.</summary>
    public required bool IsMonitor { get; init; }

    public required bool HasBaseline { get; init; }

    /// <summary>What is open.</summary>
    public AlertGroups Alerts { get; init; } = AlertGroups.None;

    /// <summary>The newest window; null: nothing was computed yet.</summary>
    public StripCell? Last { get; init; }

    /// <summary>Features that drifted in it, of those compared.</summary>
    public int Drifted { get; init; }

    public int Compared { get; init; }

    /// <summary>The measure of the newest window with labels; null: there is none.</summary>
    public string? Measure { get; init; }

    public double? Performance { get; init; }

    /// <summary>What the baseline has.</summary>
    public double? Reference { get; init; }

    /// <summary>The last windows, the oldest first.</summary>
    public ImmutableArray<StripCell> Strip { get; init; } = [];

    /// <summary>How much it asks for attention.</summary>
    internal int Trouble => (Alerts.Worse.IsEmpty ? 0 : 10_000) + (Alerts.IsEmpty ? 0 : 1000) + (Compared == 0 ? 0 : 999 * Drifted / Compared);
}
