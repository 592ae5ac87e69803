namespace ServerlessMeta.Monitoring;

/// <summary>What a model predicts.</summary>
public enum ModelTask
{
    /// <summary>Nothing is said: data drift only.</summary>
    None,
    Regression,

    /// <summary>Two classes; a score is the probability of the positive one.</summary>
    Binary,

    /// <summary>More classes.</summary>
    Multiclass,
}
