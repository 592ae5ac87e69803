namespace ServerlessMeta.Monitoring;

/// <summary>What a metric says.</summary>
public enum Verdict
{
    /// <summary>No threshold, or no value.</summary>
    None,

    NoDrift,

    /// <summary>By the threshold or the level. Of a column also when its values went missing, or when it holds words in the place of numbers.</summary>
    Drift,

    /// <summary>The profile is too coarse to tell: the threshold lies between the bounds.</summary>
    Uncertain,
}
