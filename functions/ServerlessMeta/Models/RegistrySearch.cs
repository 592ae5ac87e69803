using System.Collections.Immutable;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Models;

/// <summary>Searches models and versions: in an index of them all that is refreshed before each search, one operation when nothing changed.</summary>
public sealed class RegistrySearch
{
    /// <summary>So many models or versions whose large tags a query asks for are read for it; a query that needs more is refused.</summary>
    internal const int MostFetched = 1000;

    // A page ends early when its large tags have more bytes than this.
    private const long MostLargeBytes = 8_000_000;
    private const int AtOnce = 16;

    private readonly RegistryIndex index;
    private readonly ModelTags tags;
    private readonly ModelVersionStore versions;
    private readonly ModelWords words;

    internal RegistrySearch(RegistryIndex index, ModelTags tags, ModelVersionStore versions, ModelWords words) =>
        (this.index, this.tags, this.versions, this.words) = (index, tags, versions, words);

    /// <summary>
    /// Models that match, by the query's order, then by name. Prompts are found only by a query that names their tag. A page continues where the last model of the
    /// page before it stood then.
    /// </summary>
    public async Task<Result<Paged<FoundModel>>> SearchModelsAsync(RecordQuery query, int max, string? pageToken, CancellationToken ct)
    {
        var indexed = await index.ReadAsync(ct);
        var candidates = indexed is { } all
            ? all.Select(static one => (one.Model, (ModelVersion?)null)).ToAsyncEnumerable()
            : (await index.ScanModelsAsync(ct)).Values.Select(static model => (model, (ModelVersion?)null)).ToAsyncEnumerable();
        var page = await FindAsync("models", candidates, query, indexed is not null, max, pageToken, ct);
        if (!page.IsOk)
        {
            return page.Failure;
        }
        var latest = indexed?.ToDictionary(static one => one.Model.Number, static one => one.Latest());
        var found = ImmutableArray.CreateBuilder<FoundModel>();
        foreach (var hit in page.Value.Items)
        {
            found.Add(new FoundModel(hit.Model, latest is not null ? [.. latest[hit.Model.Number]] : await versions.ListLatestAsync(hit.Model, [], ct)));
        }
        return new Paged<FoundModel>(found.ToImmutable(), page.Value.Next);
    }

    /// <summary>Versions that match, by the query's order, then by the name of their model, the newest first; those of prompts only by a query that names their tag.</summary>
    public async Task<Result<Paged<RegisteredVersion>>> SearchVersionsAsync(RecordQuery query, int max, string? pageToken, CancellationToken ct)
    {
        var indexed = await index.ReadAsync(ct);
        var candidates = indexed is { } all
            ? all.SelectMany(static one => one.Versions.Reverse().Select(version => (one.Model, (ModelVersion?)version))).ToAsyncEnumerable()
            : index.ScanVersionsAsync(await index.ScanModelsAsync(ct), ct).Select(static pair => (pair.Model, (ModelVersion?)pair.Version));
        var page = await FindAsync("versions", candidates, query, indexed is not null, max, pageToken, ct);
        return page.IsOk ? new Paged<RegisteredVersion>([.. page.Value.Items.Select(static hit => new RegisteredVersion(hit.Model, hit.Version!))], page.Value.Next) : page.Failure;
    }

    private async Task<Result<Paged<RegistryHit>>> FindAsync(
        string kind, IAsyncEnumerable<(RegisteredModel Model, ModelVersion? Version)> candidates, RecordQuery query, bool isInOrder, int max, string? pageToken, CancellationToken ct)
    {
        var fingerprint = $"registered {kind}\n{query.Fingerprint}";
        var token = PageToken.Read(fingerprint, pageToken);
        if (!token.IsOk)
        {
            return token.Failure;
        }
        var after = token.Value is { } last ? RegistryMark.Read(last)?.ToHit(query.Fields) : null;
        if (token.Value is not null && after is null)
        {
            return new Failure.Invalid("page_token", "Invalid page token, it names nothing of this list");
        }
        var order = Comparer<RegistryHit>.Create((x, y) => Compare(query, x, y));
        var showsPrompts = query.Fields.Any(field => field.Kind is FieldKind.Tag && field.Key == words.PromptTag);
        var (hits, unsure) = (new List<RegistryHit>(), new List<RegistryHit>());
        await foreach (var (model, version) in candidates.WithCancellation(ct))
        {
            if (!showsPrompts && IsPrompt(model, version))
            {
                continue;
            }
            var hit = new RegistryHit(query.Fields, model, version);
            var matches = query.Matches(hit);
            if ((matches || hit.IsUnsure) && (after is null || order.Compare(hit, after) > 0))
            {
                (hit.IsUnsure ? unsure : hits).Add(hit);
            }
            if (unsure.Count > MostFetched)
            {
                return new Failure.Invalid("filter", $"The filter compares tags of more than {MostFetched} {kind} whose values are larger than {LargeTagRow.InlineBytes} bytes; narrow it.");
            }
            if (hits.Count > max && isInOrder && query.IsUnordered)
            {
                break;
            }
            if (hits.Count > 10_000 + (2 * max))
            {
                hits.Sort(order);
                hits.RemoveRange(max + 1, hits.Count - max - 1);
            }
        }
        hits.AddRange(await DecideAsync(unsure, query, ct));
        hits.Sort(order);
        var count = CountOf(hits, max);
        return new Paged<RegistryHit>([.. hits.Take(count)], hits.Count > count ? PageToken.Write(fingerprint, RegistryMark.Of(hits[count - 1]).Write()) : null);
    }

    // The page's length: at least one when there is one.
    private static int CountOf(List<RegistryHit> hits, int max)
    {
        long bytes = 0;
        for (var count = 0; count < Math.Min(max, hits.Count); count++)
        {
            bytes += (hits[count].Version?.LargeTags ?? hits[count].Model.LargeTags).Sum(static tag => (long)tag.Bytes);
            if (count > 0 && bytes > MostLargeBytes)
            {
                return count;
            }
        }
        return Math.Min(max, hits.Count);
    }

    // Those of them that match with their large tags at hand.
    private async Task<IEnumerable<RegistryHit>> DecideAsync(List<RegistryHit> unsure, RecordQuery query, CancellationToken ct)
    {
        var matching = new RegistryHit?[unsure.Count];
        await Parallel.ForAsync(0, unsure.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (place, stop) =>
        {
            var (model, version) = (unsure[place].Model, unsure[place].Version);
            var all = version is null ? await tags.AllAsync(model, stop) : await tags.AllAsync(version, stop);
            matching[place] = query.Matches(new RegistryHit(query.Fields, model, version, all)) ? unsure[place] : null;
        });
        return matching.OfType<RegistryHit>();
    }

    private bool IsPrompt(RegisteredModel model, ModelVersion? version) => words.IsPrompt(model) || (version is not null && words.IsPrompt(version.Tags));

    private static int Compare(RecordQuery query, RegistryHit x, RegistryHit y)
    {
        var order = query.Compare(x, y);
        order = order != 0 ? order : string.CompareOrdinal(x.Model.Name, y.Model.Name);
        return order != 0 ? order : (y.Version?.Number ?? 0).CompareTo(x.Version?.Number ?? 0);
    }
}
