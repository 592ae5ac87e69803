using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Live;

/// <summary>
/// Compares a list with how it stood. A position is a hash of it, so that it is the same on any instance; what changed one by one is known as long as this instance remembers the list of that
/// position, else all of it counts as changed.
/// </summary>
/// <param name="all">What is said then.</param>
internal sealed class LiveList(Func<string, LiveEvent> all)
{
    private const int Remembered = 4;
    private const int PositionBytes = 9;
    private const int MostSingly = 100;
    private readonly Lock gate = new();
    private readonly Queue<(string Position, Dictionary<string, LiveEvent> Items)> known = new();

    /// <summary>An event for each item that is there now, with its position.</summary>
    public LiveLook Look(IReadOnlyList<(string Key, LiveEvent Event)> items, string? since)
    {
        var text = new StringBuilder();
        foreach (var (key, item) in items)
        {
            text.Append(key).Append('\n').Append(item.Position).Append('\n');
        }
        var position = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, PositionBytes));
        var now = items.ToDictionary(static item => item.Key, static item => item.Event, StringComparer.Ordinal);
        Dictionary<string, LiveEvent>? before;
        lock (gate)
        {
            before = known.FirstOrDefault(one => one.Position == since).Items;
            if (!known.Any(one => one.Position == position))
            {
                known.Enqueue((position, now));
                if (known.Count > Remembered)
                {
                    known.Dequeue();
                }
            }
        }
        if (since is null || since == position)
        {
            return new LiveLook(position, []);
        }
        if (before is null || before.Keys.Any(key => !now.ContainsKey(key)))
        {
            return new LiveLook(position, [all(position)]);
        }
        var changed = items.Where(item => !before.TryGetValue(item.Key, out var was) || was.Position != item.Event.Position).Select(static item => item.Event).ToImmutableArray();
        return new LiveLook(position, changed.Length <= MostSingly ? changed : [all(position)]);
    }
}
