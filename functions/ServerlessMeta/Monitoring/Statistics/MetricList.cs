using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Collects the metrics of a comparison. What is not a finite number is left null, with the flag <c>infinite</c>.</summary>
internal sealed class MetricList(AnalysisOptions options, long referenceCount, long currentCount)
{
    private readonly ImmutableArray<MetricResult>.Builder metrics = ImmutableArray.CreateBuilder<MetricResult>(20);

    /// <summary>All values are of one constant.</summary>
    public bool IsConstant { get; init; }

    /// <summary>Of bins or categories that are not exact.</summary>
    public bool IsApproximate { get; init; }

    /// <summary>Of numbers that were not counted but guessed, from a sketch or from foreign edges: there are no bounds, and no p-values, for the error of a sketch looks like drift to a test.</summary>
    public bool IsGuessed { get; init; }

    public ImmutableArray<MetricResult> ToImmutable() => metrics.DrainToImmutable();

    /// <summary>A distance; drift from its threshold on, if chance does not make as much.</summary>
    /// <param name="doubt">A flag that says why the value may be chance; null: it is not.</param>
    public void Distance(string metric, double value, string method, double? low = null, double? high = null, string? doubt = null, double? p = null, params ImmutableArray<string> flags)
    {
        var threshold = MetricDefaults.Threshold(metric, options);
        Add(new()
        {
            Metric = metric,
            Status = Status,
            Value = value,
            P = p,
            Low = low,
            High = high,
            Method = method,
            Threshold = threshold,
            Verdict = threshold is null ? Verdict.None : value >= threshold && doubt is null ? Verdict.Drift : Verdict.NoDrift,
            Flags = doubt is null ? flags : [.. flags, doubt],
        });
    }

    /// <summary>A test. <paramref name="pLow"/>: the least p-value that bounds allow, <paramref name="p"/> then the greatest.</summary>
    public void Test(string metric, double value, double p, string method, double? low = null, double? high = null, double? pLow = null, params ImmutableArray<string> flags)
    {
        var result = new MetricResult
        {
            Metric = metric,
            Status = Status,
            Value = value,
            P = p,
            PLow = pLow,
            Low = low,
            High = high,
            Method = method,
            Threshold = MetricDefaults.Threshold(metric, options),
            Flags = flags,
        };
        Add(result with { Verdict = IsGuessed ? Verdict.None : MetricDefaults.OfTest(result, p, pLow ?? p) });
    }

    public void Failed(string metric, MetricStatus status, string method, string? reason, params ImmutableArray<string> flags) => metrics.Add(new()
    {
        Metric = metric,
        Status = status,
        Method = method,
        Reason = reason,
        Threshold = MetricDefaults.Threshold(metric, options),
        ReferenceCount = referenceCount,
        CurrentCount = currentCount,
        Flags = flags,
    });

    private MetricStatus Status => IsConstant ? MetricStatus.ConstantBoth : MetricStatus.Ok;

    private void Add(MetricResult metric)
    {
        if (metric.P is { } p && !double.IsFinite(p))
        {
            Failed(metric.Metric, MetricStatus.NotComputable, metric.Method, "The values are too large for the test.", "infinite");
            return;
        }
        if (!double.IsFinite(metric.Value!.Value))
        {
            if (metric.P is null)
            {
                Failed(metric.Metric, MetricStatus.NotComputable, metric.Method, "The value is infinite.", "infinite");
                return;
            }
            // An infinite statistic has a p-value all the same.
            metric = metric with { Value = null, Flags = [.. metric.Flags, "infinite"] };
        }
        metrics.Add(metric with
        {
            ReferenceCount = referenceCount,
            CurrentCount = currentCount,
            P = IsGuessed ? null : metric.P,
            Low = IsGuessed ? null : Finite(metric.Low),
            High = IsGuessed ? null : Finite(metric.High),
            PLow = IsGuessed ? null : Finite(metric.PLow),
            Flags = IsApproximate ? [.. metric.Flags, "approximate"] : metric.Flags,
        });
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
