using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Models;

/// <summary>
/// Models and versions as they are, or as they were at a moment: each change leaves a copy of the rows that it made. A model is found by the name that it has now, or by
/// <c>number:{n}</c>, which it keeps when it is renamed or deleted.
/// </summary>
public sealed class ModelHistory
{
    private const string ByNumber = "number:";
    private const int AtOnce = 16;

    private readonly StorageClients storage;
    private readonly ModelReader reader;
    private readonly ModelWords words;

    internal ModelHistory(StorageClients storage, ModelReader reader, ModelWords words) => (this.storage, this.reader, this.words) = (storage, reader, words);

    /// <summary>A model: two operations at most, one more for a moment.</summary>
    public async Task<Result<RegisteredModel>> FindAsync(string reference, DateTimeOffset? asOf, CancellationToken ct)
    {
        var found = await FindEvenGoneAsync(reference, ct);
        if (!found.IsOk)
        {
            return found.Failure;
        }
        var now = found.Value;
        if (asOf is not { } moment || now.UpdatedAt <= moment)
        {
            return now.Stage is LifecycleStage.Active ? now : Gone(reference, now.UpdatedAt);
        }
        if (await FindStateAsync(now.Number, 0, moment, ct) is not { } state)
        {
            return new Failure.NotFound(ModelWriter.Kind, reference) { Detail = $"Model '{Shown(reference)}' (number {now.Number}) did not exist yet at {Text(moment)}; it was registered at {Text(now.CreatedAt)}." };
        }
        var then = ModelRow.To(state);
        return then.Stage is LifecycleStage.Active ? then : Gone(reference, then.UpdatedAt);
    }

    /// <summary>A model, a deleted one too: what is left of it as evidence.</summary>
    internal async Task<Result<RegisteredModel>> FindEvenGoneAsync(string reference, CancellationToken ct)
    {
        var row = !reference.StartsWith(ByNumber, StringComparison.Ordinal) ? await reader.FindHomeAsync(reference, ct)
            : long.TryParse(reference.AsSpan(ByNumber.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 9_999_999_999 ? await reader.FindRowAsync(ModelKeys.Model(number), ct) : null;
        if (row is null)
        {
            return new Failure.NotFound(ModelWriter.Kind, reference) { Detail = $"No model is called '{Shown(reference)}' now. One that was renamed or deleted is found by number:<its number>." };
        }
        return ModelRow.To(row);
    }

    /// <summary>A version of a model as <see cref="FindAsync"/> found it for the same moment: one operation, one more for a moment before its last change.</summary>
    public async Task<Result<RegisteredVersion>> FindVersionAsync(RegisteredModel model, int number, DateTimeOffset? asOf, CancellationToken ct)
    {
        if (!model.Has(number) || await reader.FindRowAsync(ModelKeys.Version(model.Number, number), ct) is not { } row)
        {
            return ModelVersionStore.NotFound(model.Name, number);
        }
        return new RegisteredVersion(model, await AtAsync(ModelVersionRow.To(row), asOf, ct));
    }

    /// <summary>Versions, the newest first: one operation for a page, and one for each version of it that changed since the moment.</summary>
    public async Task<Result<Paged<RegisteredVersion>>> ListVersionsAsync(RegisteredModel model, DateTimeOffset? asOf, int size, string? pageToken, CancellationToken ct)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"versions\n{model.Number}\n{asOf?.ToUnixTimeMilliseconds()}");
        var token = PageToken.Read(query, pageToken);
        if (!token.IsOk)
        {
            return new Failure.Invalid("pageToken", token.Failure.Detail);
        }
        var below = model.LastVersion + 1;
        if (token.Value is { } last && (!int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out below) || below > model.LastVersion + 1))
        {
            return new Failure.Invalid("pageToken", "Invalid page token, it names nothing of this list");
        }
        var found = new List<ModelVersion>();
        while (found.Count < size && below > 1)
        {
            var from = Math.Max(1, below - size);
            var rows = new List<ModelVersion>();
            await foreach (var row in reader.QueryAsync((ModelKeys.Version(model.Number, from), ModelKeys.Version(model.Number, below)), ct))
            {
                rows.Add(ModelVersionRow.To(row));
            }
            rows.Reverse();
            found.AddRange(rows.Where(version => model.Has(version.Number)));
            below = from;
        }
        var page = found.Take(size).ToList();
        var next = found.Count > size ? page[^1].Number : below;
        var versions = new RegisteredVersion[page.Count];
        await Parallel.ForAsync(0, page.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (place, stop) => versions[place] = new RegisteredVersion(model, await AtAsync(page[place], asOf, stop)));
        return new Paged<RegisteredVersion>([.. versions], next > 1 ? PageToken.Write(query, next.ToString(CultureInfo.InvariantCulture)) : null);
    }

    /// <summary>
    /// The models that there were at a moment and that matched then, in the order of their numbers: an operation for a thousand models, and one for each of the page that
    /// changed since. A page looks at so many models as its size says, so with a filter it may have fewer, or none, and a token.
    /// Prompts are found only by a filter that names their tag; one that comes to a large tag is refused.
    /// </summary>
    public async Task<Result<Paged<RegisteredModel>>> ListAsync(DateTimeOffset asOf, RecordQuery filter, int size, string? pageToken, CancellationToken ct)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"models\n{asOf.ToUnixTimeMilliseconds()}\n{filter.Fingerprint}");
        var token = PageToken.Read(query, pageToken);
        if (!token.IsOk)
        {
            return new Failure.Invalid("pageToken", token.Failure.Detail);
        }
        long after = 0;
        if (token.Value is { } last && (!long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out after) || after > 9_999_999_998))
        {
            return new Failure.Invalid("pageToken", "Invalid page token, it names nothing of this list");
        }
        var now = new List<RegisteredModel>();
        var (_, below) = ModelKeys.Models;
        var start = ModelKeys.Model(after + 1);
        await foreach (var row in storage.Models.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {ModelKeys.Partition} and RowKey ge {start} and RowKey lt {below}"), Math.Min(1000, size + 1), cancellationToken: ct))
        {
            now.Add(ModelRow.To(row));
            if (now.Count > size)
            {
                break;
            }
        }
        var then = new RegisteredModel?[Math.Min(size, now.Count)];
        await Parallel.ForAsync(0, then.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (place, stop) =>
            then[place] = now[place].UpdatedAt <= asOf ? now[place] : await FindStateAsync(now[place].Number, 0, asOf, stop) is { } state ? ModelRow.To(state) : null);
        var showsPrompts = filter.Fields.Any(field => field.Kind is FieldKind.Tag && field.Key == words.PromptTag);
        var matching = new List<RegisteredModel>();
        foreach (var model in then.OfType<RegisteredModel>().Where(model => model.Stage is LifecycleStage.Active && (showsPrompts || !words.IsPrompt(model))))
        {
            var hit = new RegistryHit(filter.Fields, model, null);
            var matches = filter.Matches(hit);
            if (hit.IsUnsure)
            {
                return new Failure.Invalid("filter", $"The filter compares a tag of model '{Shown(model.Name)}' whose value is larger than {LargeTagRow.InlineBytes} bytes; with asOf such tags are not compared.");
            }
            if (matches)
            {
                matching.Add(model);
            }
        }
        return new Paged<RegisteredModel>([.. matching], now.Count > size ? PageToken.Write(query, now[size - 1].Number.ToString(CultureInfo.InvariantCulture)) : null);
    }

    private async Task<ModelVersion> AtAsync(ModelVersion now, DateTimeOffset? asOf, CancellationToken ct) =>
        asOf is { } moment && now.UpdatedAt > moment && await FindStateAsync(now.Model, now.Number, moment, ct) is { } state ? ModelVersionRow.To(state) : now;

    // The copy of a row that a change left; its key names model and version where the row's own does.
    private async Task<TableEntity?> FindStateAsync(long model, int version, DateTimeOffset asOf, CancellationToken ct)
    {
        var (from, below) = ModelKeys.HistoryUntil(model, version, asOf);
        await foreach (var row in storage.Models.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {ModelKeys.Partition} and RowKey ge {from} and RowKey lt {below}"), 1, cancellationToken: ct))
        {
            return row;
        }
        return null;
    }

    private static Failure.NotFound Gone(string reference, DateTimeOffset at) => new(ModelWriter.Kind, reference) { Detail = $"Model '{Shown(reference)}' was deleted at {Text(at)}; what it was before is told with asOf." };

    private static string Text(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Shown(string text) => text.Length <= 300 ? text : text[..300] + "...";
}
