using ServerlessMeta.Platform;

namespace ServerlessMeta.Live;

/// <summary>What a feature tells of its changes to whoever follows them; registered as a singleton.</summary>
internal sealed record LiveSource
{
    /// <summary>The subject; with a slash at its end it has a name behind it, as in <c>runs/{id}</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>How it stands, and what changed since a position (null: none was seen; one that is not known counts everything as changed).</summary>
    public required Func<string, string?, CancellationToken, Task<Result<LiveLook>>> LookAsync { get; init; }

    /// <summary>Whether whoever follows the whole store follows this.</summary>
    public bool IsOfAll { get; init; }
}
