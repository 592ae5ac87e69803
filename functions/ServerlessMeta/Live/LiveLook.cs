using System.Collections.Immutable;

namespace ServerlessMeta.Live;

/// <summary>How a source stands.</summary>
/// <param name="Position">Differs when anything changed; the same on any instance.</param>
/// <param name="Changes">What changed since the position that was asked about; none when none was.</param>
public sealed record LiveLook(string Position, ImmutableArray<LiveEvent> Changes)
{
    /// <summary>What changed is not known one by one, so all of it counts as changed.</summary>
    public static LiveLook Of(string? since, string position, LiveEvent all) => new(position, since is null || since == position ? [] : [all]);
}
