namespace ServerlessMeta.Evaluations;

/// <summary>What a version's evaluations measured, the latest value of each metric on each content of a dataset and each slice of it.</summary>
public sealed class Measurements
{
    private readonly Lock adding = new();

    // Of each content of the dataset the latest value, the newest content first.
    private readonly Dictionary<(string Dataset, string? Slice, string Metric), List<Measured>> found = [];

    /// <param name="evaluations">Those recorded last first.</param>
    public Measurements(IEnumerable<Evaluation> evaluations)
    {
        foreach (var evaluation in evaluations)
        {
            Add(evaluation);
        }
    }

    /// <summary>Reads them all at once, and keeps no more of each than its latest values.</summary>
    /// <param name="datasets">The evaluations on a dataset each, those recorded last first; or all that there are as one.</param>
    internal static async Task<Measurements> ReadAsync(IEnumerable<IAsyncEnumerable<Evaluation>> datasets)
    {
        var measurements = new Measurements([]);
        await Task.WhenAll(datasets.Select(async evaluations =>
        {
            await foreach (var evaluation in evaluations)
            {
                measurements.Add(evaluation);
            }
        }));
        return measurements;
    }

    /// <summary>Each dataset, slice and metric that was measured.</summary>
    public IEnumerable<(string Dataset, string? Slice, string Metric)> Keys => found.Keys;

    /// <summary>The latest value of a metric; null when it was not measured so.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="digest">Its content; null: whichever was measured last.</param>
    /// <param name="slice">The slice; null: all of the dataset.</param>
    /// <param name="metric">The metric.</param>
    public Measured? Find(string dataset, string? digest, string? slice, string metric) =>
        found.GetValueOrDefault((dataset, slice, metric))?.Find(one => digest is null || one.Evaluation.Content.Digest == digest);

    /// <summary>A metric of two versions, of both on the same content of the dataset if there is one that both were measured on: that which the first was measured on last.</summary>
    public static (Measured? Of, Measured? With) FindBoth(Measurements of, Measurements with, string dataset, string? digest, string? slice, string metric)
    {
        if (digest is null && of.found.TryGetValue((dataset, slice, metric), out var all))
        {
            foreach (var mine in all)
            {
                if (with.Find(dataset, mine.Evaluation.Content.Digest, slice, metric) is { } other)
                {
                    return (mine, other);
                }
            }
        }
        return (of.Find(dataset, digest, slice, metric), with.Find(dataset, digest, slice, metric));
    }

    private void Add(Evaluation evaluation)
    {
        var (content, slim) = (evaluation.Content, evaluation with { Content = evaluation.Content with { Metrics = [], Plots = [], Note = null } });
        lock (adding)
        {
            foreach (var metric in content.Metrics)
            {
                if (!found.TryGetValue((content.Dataset, content.Slice, metric.Key), out var contents))
                {
                    found.Add((content.Dataset, content.Slice, metric.Key), contents = []);
                }
                if (!contents.Exists(one => one.Evaluation.Content.Digest == content.Digest))
                {
                    contents.Add(new Measured(slim, metric));
                }
            }
        }
    }
}
