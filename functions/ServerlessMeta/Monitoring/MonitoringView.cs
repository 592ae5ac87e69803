namespace ServerlessMeta.Monitoring;

/// <summary>How something is watched.</summary>
public sealed record MonitoringView
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    public required OptionsView Options { get; init; }

    /// <summary>The baseline in force; absent: there is none yet, and windows are compared with nothing.</summary>
    public BaselineView? Baseline { get; init; }

    /// <summary>Grows with each change of options and baseline; 0: all is by default, nothing was said yet.</summary>
    public required long Revision { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Updated { get; init; }

    internal static MonitoringView Of(FoundTarget found, Watched? watched) => new()
    {
        Name = found.Name,
        Options = OptionsView.Of(watched?.Options ?? WatchOptions.Default),
        Baseline = watched?.Baseline is { } baseline ? BaselineView.Of(baseline) : null,
        Revision = watched?.Revision ?? 0,
        Created = watched?.CreatedAt,
        Updated = watched?.UpdatedAt,
    };
}
