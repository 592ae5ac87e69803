using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>Reads artifacts, their versions, and what runs made and used of them; always from storage.</summary>
public sealed class ArtifactVersionReader
{
    private const int LongestName = 500;
    private readonly StorageClients storage;
    private readonly RunReader runs;

    internal ArtifactVersionReader(StorageClients storage, RunReader runs) => (this.storage, this.runs) = (storage, runs);

    /// <summary>The artifact: one operation.</summary>
    public async Task<Result<Artifact>> FindAsync(string name, CancellationToken ct) =>
        await FindRowAsync(name, ArtifactVersionKeys.Artifact(name), ArtifactRow.Columns, ct) is { } row ? ArtifactRow.To(row) : NotFound(name);

    /// <summary>A version: one operation by number or the latest, two by a digest.</summary>
    public async Task<Result<ArtifactVersion>> FindVersionAsync(string name, VersionReference reference, CancellationToken ct)
    {
        TableEntity? row;
        if (reference is { Number: null, Digest: null })
        {
            row = (await RowsAsync(ArtifactVersionKeys.Partition(name), Stretch.Of(ArtifactVersionKeys.Versions(name)), 1, ct)).FirstOrDefault();
        }
        else
        {
            var number = reference.Digest is { } digest
                ? (await FindRowAsync(name, ArtifactVersionKeys.Claim(name, digest), null, ct))?.GetInt64("number")
                : reference.Number;
            row = number is { } known ? await FindRowAsync(name, ArtifactVersionKeys.Version(name, known), null, ct) : null;
        }
        return row is not null ? ArtifactVersionRow.To(row) : new Failure.NotFound("Artifact version", $"{Short(name)}/{reference}");
    }

    /// <summary>Artifacts in the order of their names: an operation for each of the 16 partitions.</summary>
    public async Task<Result<Paged<Artifact>>> ListAsync(ArtifactType? type, string prefix, int size, string? pageToken, CancellationToken ct)
    {
        var query = $"artifacts\n{type}\n{prefix}";
        var stretch = Stretch.From(query, pageToken, ArtifactVersionKeys.Artifacts(prefix));
        if (!stretch.IsOk)
        {
            return stretch.Failure;
        }
        var wanted = stretch.Value with
        {
            Type = type is { } only ? ArtifactTypes.WordOf(only) : null,
            Columns = ArtifactRow.Columns,
            Keep = row => row.GetString("name").StartsWith(prefix, StringComparison.Ordinal),
        };
        return PageOf(await MergeAsync(wanted, size + 1, ct), size, query, ArtifactRow.To);
    }

    /// <summary>Versions, the newest first: one operation.</summary>
    public async Task<Result<Paged<ArtifactVersion>>> ListVersionsAsync(string name, int size, string? pageToken, CancellationToken ct)
    {
        var query = $"versions\n{name}";
        var stretch = Stretch.From(query, pageToken, ArtifactVersionKeys.Versions(name));
        if (!stretch.IsOk)
        {
            return stretch.Failure;
        }
        var rows = await RowsAsync(ArtifactVersionKeys.Partition(name), stretch.Value with { Columns = ArtifactVersionRow.BriefColumns }, size + 1, ct);
        return rows.Count == 0 ? NotFound(name) : PageOf(rows, size, query, ArtifactVersionRow.To);
    }

    /// <summary>The runs that made a version, then those that used it: one operation beyond finding the version.</summary>
    public async Task<Result<Paged<VersionUse>>> ListUsesAsync(string name, VersionReference reference, int size, string? pageToken, CancellationToken ct)
    {
        var version = await FindVersionAsync(name, reference, ct);
        if (!version.IsOk)
        {
            return version.Failure;
        }
        var query = string.Create(CultureInfo.InvariantCulture, $"uses\n{version.Value.Number}\n{name}");
        var stretch = Stretch.From(query, pageToken, ArtifactVersionKeys.Uses(name, version.Value.Number));
        return stretch.IsOk ? PageOf(await RowsAsync(ArtifactVersionKeys.Partition(name), stretch.Value, size + 1, ct), size, query, VersionUseRow.To) : stretch.Failure;
    }

    /// <summary>The versions that a run made and used: an operation for each of the 16 partitions, and one to see that there is such a run.</summary>
    public async Task<Result<Paged<VersionUse>>> ListOfRunAsync(RunId run, int size, string? pageToken, CancellationToken ct)
    {
        var query = $"run\n{run}";
        var stretch = Stretch.From(query, pageToken, ArtifactVersionKeys.AllOfRun(run));
        if (!stretch.IsOk)
        {
            return stretch.Failure;
        }
        return await runs.ExistsAsync(run, ct)
            ? PageOf(await MergeAsync(stretch.Value, size + 1, ct), size, query, VersionUseRow.To)
            : new Failure.NotFound("Run", run.ToString());
    }

    private static Failure.NotFound NotFound(string name) => new("Artifact", Short(name));

    private static string Short(string name) => name.Length <= LongestName ? name : name[..LongestName] + "...";

    // One row more than a page has tells that there is another page.
    private static Paged<T> PageOf<T>(List<TableEntity> rows, int size, string query, Func<TableEntity, T> read) =>
        new([.. rows.Take(size).Select(read)], rows.Count > size ? PageToken.Write(query, rows[size - 1].RowKey) : null);

    // The first rows of all partitions, in the order of their keys.
    private async Task<List<TableEntity>> MergeAsync(Stretch stretch, int count, CancellationToken ct)
    {
        var parts = await Task.WhenAll(ArtifactVersionKeys.AllPartitions.Select(partition => RowsAsync(partition, stretch, count, ct)));
        return [.. parts.SelectMany(static rows => rows).OrderBy(static row => row.RowKey, StringComparer.Ordinal).Take(count)];
    }

    private async Task<List<TableEntity>> RowsAsync(string partition, Stretch stretch, int count, CancellationToken ct)
    {
        var filter = stretch.IsBehind
            ? TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {stretch.Start} and RowKey lt {stretch.Below}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {stretch.Start} and RowKey lt {stretch.Below}");
        filter = stretch.Type is null ? filter : $"{filter} and {TableClient.CreateQueryFilter($"type eq {stretch.Type}")}";
        var rows = new List<TableEntity>();
        await foreach (var row in storage.ArtifactVersions.QueryAsync<TableEntity>(filter, Math.Min(count, 1000), stretch.Columns, ct))
        {
            if (stretch.Keep?.Invoke(row) is not false)
            {
                rows.Add(row);
            }
            if (rows.Count == count)
            {
                break;
            }
        }
        return rows;
    }

    private async Task<TableEntity?> FindRowAsync(string name, string rowKey, string[]? columns, CancellationToken ct) =>
        await storage.ArtifactVersions.GetEntityIfExistsAsync<TableEntity>(ArtifactVersionKeys.Partition(name), rowKey, columns, ct) is { HasValue: true } found ? found.Value : null;

    // Rows with neighbouring keys, those behind a page's last one when it continues.
    private sealed record Stretch(string Start, bool IsBehind, string Below)
    {
        public string? Type { get; init; }

        public string[]? Columns { get; init; }

        public Func<TableEntity, bool>? Keep { get; init; }

        public static Stretch Of((string From, string Below) keys) => new(keys.From, false, keys.Below);

        public static Result<Stretch> From(string query, string? pageToken, (string From, string Below) keys)
        {
            var token = PageToken.Read(query, pageToken);
            if (!token.IsOk)
            {
                return new Failure.Invalid("pageToken", token.Failure.Detail);
            }
            if (token.Value is not { } last)
            {
                return Of(keys);
            }
            return string.CompareOrdinal(last, keys.From) >= 0 && string.CompareOrdinal(last, keys.Below) < 0
                ? new Stretch(last, true, keys.Below)
                : new Failure.Invalid("pageToken", "Invalid page token, it names nothing of this list");
        }
    }
}
