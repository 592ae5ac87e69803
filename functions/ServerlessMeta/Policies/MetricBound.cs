namespace ServerlessMeta.Policies;

/// <summary>Which number of a metric a condition looks at.</summary>
public enum MetricBound
{
    Value,

    /// <summary>The lower end of its confidence interval: "at least" is then meant with confidence.</summary>
    Low,

    /// <summary>The upper end.</summary>
    High,
}
