using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace ServerlessMeta.Monitoring;

/// <summary>Computes what changed of one target, under its lease, in the order of its windows. A window that fails is left for the next run, and holds up no other.</summary>
internal sealed partial class TargetPass(
    MonitoringTable table, MonitoringContents contents, ProfileCache profiles, WindowComputer computer, TargetStore targets, TimeProvider time, ILogger<TargetPass> logger)
{
    /// <param name="changes">What changed of it.</param>
    /// <param name="ask">Asks for more windows; null: what changed only.</param>
    /// <param name="until">No window is begun after that.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<PassOutcome> RunAsync(TargetChanges changes, Func<PassPlan, Task>? ask, DateTimeOffset until, CancellationToken ct)
    {
        if (await targets.FindAsync(changes, ct) is not { } watched)
        {
            return PassOutcome.Nothing;
        }
        await using var lease = await TargetLease.TryTakeAsync(table, watched.Target, time, ct);
        if (lease is null)
        {
            return PassOutcome.Busy;
        }
        var plan = new PassPlan(table, watched);
        await plan.SpreadAsync(changes.Marks, ct);
        if (ask is not null)
        {
            await ask(plan);
        }
        var labels = new LabelBook(table, contents, watched);
        var state = new PassState(watched, lease, labels, table, contents, profiles);
        var (done, failed, looked) = (ImmutableArray.CreateBuilder<ComputedWindow>(), 0, 0);
        foreach (var window in plan.Windows)
        {
            if (time.GetUtcNow() >= until)
            {
                break;
            }
            looked++;
            try
            {
                if (await computer.RunAsync(state, window, plan.Asked.Contains(window), plan.MarksOf(window), ct) is { } outcome)
                {
                    done.Add(outcome);
                }
            }
            catch (LeaseLostException)
            {
                return PassOutcome.Busy;
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                failed++;
                LogFailed(fault, window);
            }
        }
        await labels.ExpireAsync(time.GetUtcNow(), changes.Marks, ct);
        return new PassOutcome(false, done.ToImmutable(), failed, plan.Windows.Count - looked);
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Error, Message = "Window {Window} could not be computed; the next run tries it again.")]
    private partial void LogFailed(Exception fault, string window);
}
