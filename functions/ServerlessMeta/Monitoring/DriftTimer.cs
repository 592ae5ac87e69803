using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// Computes whatever changed of all that is watched: sixteen queries find it. It may run twice, late, or half way: each target has a lease, each step may be repeated, and a run that was too long for its
/// time goes on where it ended, when it runs next.
/// </summary>
public sealed partial class DriftTimer
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    private readonly MonitoringTable table;
    private readonly ChangeReader changes;
    private readonly TargetPass passes;
    private readonly TimeProvider time;
    private readonly ILogger<DriftTimer> logger;

    internal DriftTimer(MonitoringTable table, ChangeReader changes, TargetPass passes, TimeProvider time, ILogger<DriftTimer> logger) =>
        (this.table, this.changes, this.passes, this.time, this.logger) = (table, changes, passes, time, logger);

    public async Task RunAsync(CancellationToken ct)
    {
        var until = time.GetUtcNow() + Longest;
        var found = await changes.ReadAsync(time.GetUtcNow(), ct);
        if (found.Count == 0)
        {
            return;
        }
        // So few are begun all at once, in whatever order.
        var isOrdered = found.Count > AtOnce;
        var order = isOrdered ? Behind(found, (await table.FindAsync(MonitoringKeys.TimerPartition, MonitoringKeys.Cursor, ct))?.GetString("target")) : found;
        if (isOrdered)
        {
            // Before anything is begun: a target that ends the process does not come first again.
            await NoteAsync(order[AtOnce - 1], ct);
        }
        var (begun, isCut) = (-1, false);
        var gate = new Lock();
        await Parallel.ForEachAsync(order.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (one, stop) =>
        {
            lock (gate)
            {
                if (time.GetUtcNow() >= until)
                {
                    isCut = true;
                    return;
                }
                begun = Math.Max(begun, one.Index);
            }
            try
            {
                var outcome = await passes.RunAsync(one.Item, null, until, stop);
                lock (gate)
                {
                    isCut |= outcome.Left > 0;
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogLeft(fault, one.Item.Key);
            }
        });
        if (isCut && isOrdered && begun >= 0)
        {
            await NoteAsync(order[begun], ct);
        }
    }

    private async Task NoteAsync(TargetChanges last, CancellationToken ct) => await table.Client.UpsertEntityAsync(
        new TableEntity(MonitoringKeys.TimerPartition, MonitoringKeys.Cursor) { ["target"] = PlaceOf(last) }, TableUpdateMode.Replace, ct);

    // From the first behind the last one on, then from the beginning: so none waits for ever behind one that has much to compute.
    private static List<TargetChanges> Behind(List<TargetChanges> found, string? last)
    {
        var start = last is null ? 0 : Math.Max(0, found.FindIndex(one => string.CompareOrdinal(PlaceOf(one), last) > 0));
        return [.. found.Skip(start), .. found.Take(start)];
    }

    private static string PlaceOf(TargetChanges one) => $"{one.Partition} {one.Key}";

    [LoggerMessage(EventId = 2102, Level = LogLevel.Error, Message = "Target {Target} could not be computed to its end; the next run tries it again.")]
    private partial void LogLeft(Exception fault, string target);
}
