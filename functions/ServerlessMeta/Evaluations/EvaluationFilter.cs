namespace ServerlessMeta.Evaluations;

/// <summary>Which evaluations of a version are wanted; what is null does not matter.</summary>
public sealed record EvaluationFilter(string? Dataset = null, string? Digest = null, string? Slice = null, string? Metric = null, DateTimeOffset? AsOf = null)
{
    public bool Wants(Evaluation evaluation) =>
        (Dataset is null || Dataset == evaluation.Content.Dataset)
        && (Digest is null || Digest == evaluation.Content.Digest)
        && (Slice is null || Slice == evaluation.Content.Slice)
        && (Metric is null || evaluation.Content.Find(Metric) is not null);
}
