namespace ServerlessMeta.Monitoring;

/// <summary>What a metric of a window is of.</summary>
internal enum MetricScope
{
    Column,

    /// <summary>The window as a whole.</summary>
    Dataset,

    /// <summary>The model's predictions, by labels.</summary>
    Performance,

    /// <summary>The same, without labels.</summary>
    Estimated,
}
