using System.Globalization;
using System.Text;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>Reads one field from packed run states.</summary>
internal sealed class RunFieldReader(Field wanted, RunWords words)
{
    private readonly byte[] key = Encoding.UTF8.GetBytes(wanted.Key);

    public bool IsMany => wanted.Kind is FieldKind.Dataset;

    public bool IsNumber => wanted.Kind is FieldKind.Metric || (wanted.Kind is FieldKind.Attribute && wanted.Key is RunFields.StartedAt or RunFields.EndedAt);

    public bool TryNumber(RunRecord run, out double value)
    {
        if (wanted.Kind is FieldKind.Metric)
        {
            return run.TryMetric(key, out value);
        }
        var at = wanted.Key is RunFields.StartedAt ? run.StartedAt : run.EndedAt;
        value = at?.ToUnixTimeMilliseconds() ?? 0;
        return at is not null;
    }

    public string? Text(RunRecord run) => wanted.Kind switch
    {
        FieldKind.Param => run.Param(key),
        FieldKind.Tag => run.Tag(key),
        // The packages follow from it; the query has them (PackageVersions).
        FieldKind.Package => run.EnvironmentDigest,
        FieldKind.Attribute => wanted.Key switch
        {
            RunFields.Id => run.Id.ToString(),
            RunFields.Name => run.Name,
            RunFields.UserId => run.UserId,
            RunFields.Status => words.Status(run.Status),
            RunFields.ArtifactLocation => words.ArtifactLocation(run.ToInfo(run.Stage)),
            _ => throw new InvalidOperationException($"A run has no text attribute '{wanted.Key}'."),
        },
        _ => null,
    };

    public IReadOnlyList<string> Texts(RunRecord run)
    {
        var datasets = run.Datasets;
        return wanted.Key switch
        {
            RunFields.DatasetName => [.. datasets.Select(static dataset => dataset.Name)],
            RunFields.DatasetDigest => [.. datasets.Select(static dataset => dataset.Digest)],
            _ => [.. datasets.SelectMany(static dataset => dataset.Tags).Where(tag => tag.Key == words.ContextTag).Select(static tag => tag.Value)],
        };
    }
}
