namespace ServerlessMeta.Monitoring;

/// <summary>What a column of a window is.</summary>
public enum ColumnRole
{
    Feature,

    /// <summary>What the model answered: a class or a number.</summary>
    Prediction,

    /// <summary>How sure it was: the probability of the positive class.</summary>
    Score,

    /// <summary>What was true, when it is known at once.</summary>
    Label,
}
