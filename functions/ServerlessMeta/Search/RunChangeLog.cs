using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>
/// What an index took in of late, and a mark of all that it holds: the sum of a hash of each run's id and revision, so that instances which hold the same have the same mark, in whatever order
/// they read it.
/// </summary>
internal sealed class RunChangeLog
{
    private const int Kept = 4096;
    private readonly Queue<(ulong Before, RunId Run)> taken = new();

    public ulong Mark { get; private set; }

    /// <param name="run">As it is now.</param>
    /// <param name="before">As the index had it; null: it is new.</param>
    public void Take(RunRecord run, RunRecord? before)
    {
        taken.Enqueue((Mark, run.Id));
        if (taken.Count > Kept)
        {
            taken.Dequeue();
        }
        Mark = unchecked(Mark + Hash(run) - (before is null ? 0 : Hash(before)));
    }

    /// <summary>The runs that changed since the index had a mark; null when it had it too long ago, or never.</summary>
    public HashSet<RunId>? Since(ulong mark)
    {
        if (mark == Mark)
        {
            return [];
        }
        HashSet<RunId>? since = null;
        foreach (var (before, run) in taken)
        {
            since = before == mark ? [] : since;
            since?.Add(run);
        }
        return since;
    }

    // Each step of SplitMix64.
    private static ulong Hash(RunRecord run) => unchecked(Mix(Mix(Mix((ulong)run.Id.Bits) + (ulong)(run.Id.Bits >> 64)) + (ulong)run.Revision));

    private static ulong Mix(ulong bits)
    {
        unchecked
        {
            bits += 0x9E3779B97F4A7C15UL;
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
            return bits ^ (bits >> 31);
        }
    }
}
