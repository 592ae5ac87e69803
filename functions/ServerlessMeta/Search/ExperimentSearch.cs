using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>Searches experiments: all of them lie in one partition, so a search reads them, a thousand an operation.</summary>
public sealed class ExperimentSearch(ExperimentStore experiments)
{
    /// <summary>Experiments that match, ordered by the query, ties by creation (latest first), then id.</summary>
    public async Task<Result<Paged<Experiment>>> SearchAsync(RecordQuery query, StageFilter stages, int max, string? pageToken, CancellationToken ct)
    {
        var fingerprint = $"experiments\n{stages}\n{query.Fingerprint}";
        var token = PageToken.Read(fingerprint, pageToken);
        if (!token.IsOk)
        {
            return token.Failure;
        }
        var all = await experiments.ListAsync(ct);
        var hits = all.Where(experiment => stages is StageFilter.All || (stages is StageFilter.Active) == (experiment.Stage is LifecycleStage.Active))
            .Select(experiment => new ExperimentHit(experiment, query.Fields)).Where(hit => query.Matches(hit)).ToList();
        hits.Sort((x, y) => Compare(query, x, y));
        if (token.Value is { } last)
        {
            if (!ExperimentId.TryParse(last, CultureInfo.InvariantCulture, out var id) || all.FirstOrDefault(experiment => experiment.Id == id) is not { } after)
            {
                return new Failure.Invalid("page_token", "Invalid page token, it names no experiment");
            }
            var behind = new ExperimentHit(after, query.Fields);
            hits.RemoveAll(hit => Compare(query, hit, behind) <= 0);
        }
        var page = hits.Take(max).Select(static hit => hit.Experiment).ToImmutableArray();
        return new Paged<Experiment>(page, hits.Count > max && max > 0 ? PageToken.Write(fingerprint, page[^1].Id.ToString()) : null);
    }

    private static int Compare(RecordQuery query, ExperimentHit x, ExperimentHit y)
    {
        var order = query.Compare(x, y);
        order = order != 0 ? order : y.Experiment.CreatedAt.CompareTo(x.Experiment.CreatedAt);
        return order != 0 ? order : x.Experiment.Id.Number.CompareTo(y.Experiment.Id.Number);
    }
}
