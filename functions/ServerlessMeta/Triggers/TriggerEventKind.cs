namespace ServerlessMeta.Triggers;

/// <summary>What is told of a trigger.</summary>
internal enum TriggerEventKind
{
    /// <summary>It fired, or was approved.</summary>
    Fired,

    /// <summary>Drift began.</summary>
    Detected,

    /// <summary>Drift ended.</summary>
    Recovered,
}
