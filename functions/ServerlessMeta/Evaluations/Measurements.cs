namespace ServerlessMeta.Evaluations;

/// <summary>What a version's evaluations measured, the latest value of each metric on each content of a dataset and each slice of it.</summary>
public sealed class Measurements
{
    private readonly Dictionary<(string Dataset, string? Slice, string Metric), Measured> latest = [];
    private readonly Dictionary<(string Dataset, string Digest, string? Slice, string Metric), Measured> latestOfContent = [];

    /// <param name="evaluations">Those recorded last first.</param>
    public Measurements(IEnumerable<Evaluation> evaluations)
    {
        foreach (var evaluation in evaluations)
        {
            var (dataset, digest, slice) = (evaluation.Content.Dataset, evaluation.Content.Digest, evaluation.Content.Slice);
            foreach (var metric in evaluation.Content.Metrics)
            {
                var measured = new Measured(evaluation, metric);
                latest.TryAdd((dataset, slice, metric.Key), measured);
                latestOfContent.TryAdd((dataset, digest, slice, metric.Key), measured);
            }
        }
    }

    /// <summary>Each dataset, slice and metric that was measured.</summary>
    public IEnumerable<(string Dataset, string? Slice, string Metric)> Keys => latest.Keys;

    /// <summary>The latest value of a metric; null when it was not measured so.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="digest">Its content; null: whichever was measured last.</param>
    /// <param name="slice">The slice; null: all of the dataset.</param>
    /// <param name="metric">The metric.</param>
    public Measured? Find(string dataset, string? digest, string? slice, string metric) =>
        digest is null ? latest.GetValueOrDefault((dataset, slice, metric)) : latestOfContent.GetValueOrDefault((dataset, digest, slice, metric));

    /// <summary>A metric of two versions, of both on the same content of the dataset if there is one that both were measured on.</summary>
    public static (Measured? Of, Measured? With) FindBoth(Measurements of, Measurements with, string dataset, string? digest, string? slice, string metric)
    {
        var (mine, other) = (of.Find(dataset, digest, slice, metric), with.Find(dataset, digest, slice, metric));
        if (mine is null || other is null || mine.Evaluation.Content.Digest == other.Evaluation.Content.Digest)
        {
            return (mine, other);
        }
        return with.Find(dataset, mine.Evaluation.Content.Digest, slice, metric) is { } asMine ? (mine, asMine)
            : of.Find(dataset, other.Evaluation.Content.Digest, slice, metric) is { } asOther ? (asOther, other)
            : (mine, other);
    }
}
