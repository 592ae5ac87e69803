namespace ServerlessMeta.Monitoring;

/// <summary>What a metric says.</summary>
public enum Verdict
{
    /// <summary>No threshold, or no value.</summary>
    None,
    NoDrift,
    Drift,

    /// <summary>The profile is too coarse to tell: the threshold lies between the bounds.</summary>
    Uncertain,
}
