namespace ServerlessMeta.Monitoring;

/// <summary>A stretch of time of what is watched, whose data came in parts.</summary>
internal sealed record MonitoredWindow
{
    /// <summary>Unique for what is watched.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset Start { get; init; }

    /// <summary>Exclusive.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>When its first part came.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The newest result; null: none was computed yet.</summary>
    public ResultBrief? Latest { get; init; }

    /// <summary>What the newest result was made from; null: there is none.</summary>
    public WindowInputs? Inputs { get; init; }

    /// <summary>The revision that everyone who listens was told of; 0: none.</summary>
    public int Told { get; init; }

    /// <summary>How long labels are waited for: data may come long after its time.</summary>
    /// <param name="lag">As the options say.</param>
    public DateTimeOffset LabelsUntil(TimeSpan lag) => (End > ReceivedAt ? End : ReceivedAt) + lag;
}
