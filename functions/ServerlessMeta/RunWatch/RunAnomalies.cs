using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.RunWatch;

/// <summary>
/// What looked wrong in the metrics of runs, the newest first. Always read from storage: what a log call showed is there when the call is answered. One operation for a thousand writes that showed
/// something, of an experiment one for each of its partitions. Runs that were deleted since are told of too.
/// </summary>
public sealed class RunAnomalies
{
    private const int Usual = 1000;
    private readonly StorageClients storage;
    private readonly ExperimentReader experiments;

    internal RunAnomalies(StorageClients storage, ExperimentReader experiments) => (this.storage, this.experiments) = (storage, experiments);

    /// <summary>Those of an experiment's runs that were seen at a moment or later; none for an experiment that does not exist.</summary>
    public async IAsyncEnumerable<RunAnomaly> ListAsync(ExperimentId experiment, DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in RowsAsync(experiment, RunWatchKeys.Since(since), Usual, ct))
        {
            foreach (var anomaly in RunAnomalyRow.To(row))
            {
                yield return anomaly;
            }
        }
    }

    /// <summary>Those of a run.</summary>
    public async IAsyncEnumerable<RunAnomaly> ListAsync(RunId run, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in RowsAsync(RunKeys.Partition(run), RunWatchKeys.OfRun(run), Usual, ct))
        {
            foreach (var anomaly in RunAnomalyRow.To(row))
            {
                yield return anomaly;
            }
        }
    }

    internal Task<Result<Paged<RunAnomaly>>> PageAsync(ExperimentId experiment, DateTimeOffset since, int size, string? pageToken, CancellationToken ct) => PageAsync(
        string.Create(CultureInfo.InvariantCulture, $"anomalies\n{experiment}\n{since.ToUnixTimeMilliseconds()}"), RunWatchKeys.Since(since), range => RowsAsync(experiment, range, size + 1, ct), size, pageToken);

    internal Task<Result<Paged<RunAnomaly>>> PageAsync(RunId run, int size, string? pageToken, CancellationToken ct) =>
        PageAsync($"anomalies\n{run}", RunWatchKeys.OfRun(run), range => RowsAsync(RunKeys.Partition(run), range, size + 1, ct), size, pageToken);

    // A page may end within a row; its token names the row, and how many of it were told.
    private static async Task<Result<Paged<RunAnomaly>>> PageAsync(
        string query, (string From, string Below) range, Func<(string From, string Below), IAsyncEnumerable<TableEntity>> read, int size, string? pageToken)
    {
        var after = PageToken.Read(query, pageToken);
        if (!after.IsOk)
        {
            return after.Failure;
        }
        var (told, place) = (0, "");
        if (after.Value is { } token && !TryPlace(token, range, out told, out place))
        {
            return new Failure.Invalid("page_token", PageToken.Elsewhere);
        }
        var page = ImmutableArray.CreateBuilder<RunAnomaly>();
        await foreach (var row in read((place.Length == 0 ? range.From : place, range.Below)))
        {
            var skip = row.RowKey == place ? told : 0;
            foreach (var anomaly in RunAnomalyRow.To(row).Skip(skip))
            {
                if (page.Count == size)
                {
                    return new Paged<RunAnomaly>(page.ToImmutable(), PageToken.Write(query, string.Create(CultureInfo.InvariantCulture, $"{skip} {row.RowKey}")));
                }
                page.Add(anomaly);
                skip++;
            }
        }
        return new Paged<RunAnomaly>(page.ToImmutable(), null);
    }

    private static bool TryPlace(string token, (string From, string Below) range, out int told, out string place)
    {
        var space = token.IndexOf(' ', StringComparison.Ordinal);
        place = token[(space + 1)..];
        return int.TryParse(token.AsSpan(0, Math.Max(0, space)), NumberStyles.None, CultureInfo.InvariantCulture, out told) && PageToken.IsWithin(place, range.From, range.Below);
    }

    // Of several partitions always the newest of their next rows: their keys have one order.
    private async IAsyncEnumerable<TableEntity> RowsAsync(ExperimentId experiment, (string From, string Below) range, int perOperation, [EnumeratorCancellation] CancellationToken ct)
    {
        // What is asked of it, the number of partitions, never changes.
        if ((experiments.LastSeen(experiment) ?? await experiments.FindAsync(experiment, ct)) is not { } found)
        {
            yield break;
        }
        var partitions = Enumerable.Range(0, 1 << found.PartitionBits)
            .Select(partition => RowsAsync(RunKeys.Partition(experiment, partition), range, perOperation, ct).GetAsyncEnumerator(ct)).ToList();
        try
        {
            var more = await Task.WhenAll(partitions.Select(static partition => partition.MoveNextAsync().AsTask()));
            var ahead = new PriorityQueue<IAsyncEnumerator<TableEntity>, string>(StringComparer.Ordinal);
            ahead.EnqueueRange(partitions.Where((_, i) => more[i]).Select(static partition => (partition, partition.Current.RowKey)));
            while (ahead.TryDequeue(out var next, out _))
            {
                yield return next.Current;
                if (await next.MoveNextAsync())
                {
                    ahead.Enqueue(next, next.Current.RowKey);
                }
            }
        }
        finally
        {
            foreach (var partition in partitions)
            {
                await partition.DisposeAsync();
            }
        }
    }

    private AsyncPageable<TableEntity> RowsAsync(string partition, (string From, string Below) range, int perOperation, CancellationToken ct) => storage.Runs.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {range.From} and RowKey lt {range.Below}"), Math.Min(perOperation, Usual), RunAnomalyRow.Columns, ct);
}
