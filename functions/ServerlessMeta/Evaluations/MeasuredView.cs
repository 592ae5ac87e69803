namespace ServerlessMeta.Evaluations;

/// <summary>A value with the evaluation that measured it and the digest of the data.</summary>
public sealed record MeasuredView(string Evaluation, string Digest, double Value, long? N = null, double? Low = null, double? High = null)
{
    internal static MeasuredView? From(Measured? measured) => measured is null ? null
        : new(measured.Evaluation.Id, measured.Evaluation.Content.Digest, measured.Metric.Value, measured.Metric.Count, measured.Metric.Low, measured.Metric.High);
}
