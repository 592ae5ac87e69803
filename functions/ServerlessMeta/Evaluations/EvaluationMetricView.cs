namespace ServerlessMeta.Evaluations;

/// <summary>A metric; <c>n</c> is the number of samples, <c>low</c> and <c>high</c> the ends of its confidence interval.</summary>
public sealed record EvaluationMetricView(string Key, double Value, long? N = null, double? Low = null, double? High = null)
{
    internal static EvaluationMetricView From(EvaluationMetric metric) => new(metric.Key, metric.Value, metric.Count, metric.Low, metric.High);
}
