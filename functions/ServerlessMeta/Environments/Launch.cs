using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Environments;

/// <summary>How a run was started: what differs between runs in one environment, so it is kept apart from that.</summary>
public sealed record Launch
{
    public static readonly Launch None = new();

    public GitState Git { get; init; } = GitState.None;

    public string? EntryPoint { get; init; }

    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Environment variables, in the order of their names.</summary>
    public ImmutableArray<Tag> Variables { get; init; } = [];

    public long? Seed { get; init; }

    internal bool IsEmpty => Git == GitState.None && EntryPoint is null && Arguments.IsEmpty && Variables.IsEmpty && Seed is null;
}
