namespace ServerlessMeta.RunWatch;

/// <summary>Which way a metric gets better.</summary>
internal enum MetricDirection
{
    Min,
    Max,
}
