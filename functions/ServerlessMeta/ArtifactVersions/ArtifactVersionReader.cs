using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>Reads artifacts, their versions, and what runs made and used of them; always from storage.</summary>
public sealed class ArtifactVersionReader
{
    private const int LongestName = 500;
    private const int MostPerOperation = 1000;

    private readonly StorageClients storage;
    private readonly RunReader runs;

    internal ArtifactVersionReader(StorageClients storage, RunReader runs) => (this.storage, this.runs) = (storage, runs);

    /// <summary>How many rows of a partition are read for a page, that a rare type does not read them all; a page may then have few artifacts, or none, and a token.</summary>
    internal int MostRows { get; init; } = 2 * MostPerOperation;

    /// <summary>The artifact: one operation.</summary>
    public async Task<Result<Artifact>> FindAsync(string name, CancellationToken ct) =>
        await FindRowAsync(name, ArtifactVersionKeys.Artifact(name), ArtifactRow.Columns, ct) is { } row ? ArtifactRow.To(row) : NotFound(name);

    /// <summary>A version: one operation by number or the latest, two by a digest.</summary>
    public async Task<Result<ArtifactVersion>> FindVersionAsync(string name, VersionReference reference, CancellationToken ct)
    {
        TableEntity? row;
        if (reference is { Number: null, Digest: null })
        {
            row = (await RowsAsync(ArtifactVersionKeys.Partition(name), Stretch.Of(ArtifactVersionKeys.Versions(name)), 1, ct)).Rows.FirstOrDefault();
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

    /// <summary>Artifacts in the order of their names: an operation for each of the 16 partitions, up to two with a type.</summary>
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
            IsSparse = type is not null,
            Columns = ArtifactRow.Columns,
            Keep = row => row.GetString("name").StartsWith(prefix, StringComparison.Ordinal) && (type is null || ArtifactRow.To(row).Type == type),
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
        return rows.Rows.Count == 0 ? NotFound(name) : PageOf(rows, size, query, ArtifactVersionRow.To);
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

    // One row more than a page has, or rows that were not looked at, tell that there is another page.
    private static Paged<T> PageOf<T>(Found found, int size, string query, Func<TableEntity, T> read) =>
        new([.. found.Rows.Take(size).Select(read)], (found.Rows.Count > size ? found.Rows[size - 1].RowKey : found.Until) is { } last ? PageToken.Write(query, last) : null);

    // The first rows of all partitions, in the order of their keys, as far as every partition was read.
    private async Task<Found> MergeAsync(Stretch stretch, int count, CancellationToken ct)
    {
        var parts = await Task.WhenAll(ArtifactVersionKeys.AllPartitions.Select(partition => RowsAsync(partition, stretch, count, ct)));
        var until = parts.Select(static part => part.Until).Where(static key => key is not null).Min(StringComparer.Ordinal);
        return new Found(
            [.. parts.SelectMany(static part => part.Rows).Where(row => until is null || string.CompareOrdinal(row.RowKey, until) <= 0).OrderBy(static row => row.RowKey, StringComparer.Ordinal).Take(count)], until);
    }

    private async Task<Found> RowsAsync(string partition, Stretch stretch, int count, CancellationToken ct)
    {
        var filter = stretch.IsBehind
            ? TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {stretch.Start} and RowKey lt {stretch.Below}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {stretch.Start} and RowKey lt {stretch.Below}");
        var rows = new List<TableEntity>();
        var read = 0;
        await foreach (var row in storage.ArtifactVersions.QueryAsync<TableEntity>(filter, stretch.IsSparse ? MostPerOperation : Math.Min(count, MostPerOperation), stretch.Columns, ct))
        {
            read++;
            if (stretch.Keep?.Invoke(row) is not false)
            {
                rows.Add(row);
            }
            if (rows.Count == count)
            {
                break;
            }
            if (stretch.IsSparse && read == MostRows)
            {
                return new Found(rows, row.RowKey);
            }
        }
        return new Found(rows, null);
    }

    private async Task<TableEntity?> FindRowAsync(string name, string rowKey, string[]? columns, CancellationToken ct) =>
        await storage.ArtifactVersions.GetEntityIfExistsAsync<TableEntity>(ArtifactVersionKeys.Partition(name), rowKey, columns, ct) is { HasValue: true } found ? found.Value : null;

    // Until: the last row that was looked at when there may be more behind it that were not.
    private sealed record Found(List<TableEntity> Rows, string? Until);

    // Rows with neighbouring keys, those behind a page's last one when it continues.
    private sealed record Stretch(string Start, bool IsBehind, string Below)
    {
        /// <summary>Whether few of the rows may be kept.</summary>
        public bool IsSparse { get; init; }

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
