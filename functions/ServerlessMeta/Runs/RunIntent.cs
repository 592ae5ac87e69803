using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>What one caller wants done to a run. It may be applied more than once, each time to a state that lacks it.</summary>
/// <param name="apply">Does it.</param>
/// <param name="points">How many points it logs.</param>
/// <param name="action">What the audit calls it; null for one that changes nothing but points.</param>
internal sealed class RunIntent(Func<RunState, Failure?> apply, int points, string? action)
{
    // Who asks is known here: the write that carries it may be begun by another.
    private readonly Caller by = Caller.Current;

    private readonly TaskCompletionSource<Result<RunInfo>> done = new();

    /// <summary>The message by which it came, if it came by one: the write that carries the change carries its receipt.</summary>
    public Receipt? Receipt { get; } = Receipt.Open;

    /// <summary>The same message stands before it in its group, and was applied: nothing is left to do.</summary>
    public bool IsRepeated { get; private set; }

    public int Points => points;

    public Task<Result<RunInfo>> Done => done.Task;

    public StorageTally? Tally { get; } = StorageMeter.Current;

    public Failure? Failure { get; private set; }

    /// <returns>What it threw, and then the state is not to be used any more; null when it was applied or refused.</returns>
    public Exception? Apply(RunState state)
    {
        IsRepeated = false;
        try
        {
            if (action is null)
            {
                Failure = apply(state);
                return null;
            }
            state.Audit.Begin();
            Failure = apply(state);
            state.Audit.End(by, action);
            return null;
        }
        catch (Exception bug)
        {
            return bug;
        }
    }

    public void Repeat() => (IsRepeated, Failure) = (true, null);

    /// <summary>Its message was applied before.</summary>
    public void CompleteAsKnown(RunInfo info, StorageTally spent)
    {
        Repeat();
        Complete(info, spent);
    }

    public void Complete(RunInfo info, StorageTally spent)
    {
        Tally?.Add(spent);
        if (Failure is null)
        {
            if (IsRepeated)
            {
                Receipt?.Known();
            }
            else
            {
                Receipt?.Carried();
            }
            done.TrySetResult(info);
        }
        else
        {
            done.TrySetResult(Failure);
        }
    }

    public void Fail(Failure failure, StorageTally spent)
    {
        Tally?.Add(spent);
        done.TrySetResult(failure);
    }

    public void Fail(Exception outage, StorageTally spent)
    {
        Tally?.Add(spent);
        done.TrySetException(outage);
    }
}
