using ServerlessMeta.Access;
using ServerlessMeta.Experiments;

namespace ServerlessMeta.Views;

/// <summary>
/// A view of an experiment's runs that somebody saved. Who owns it goes by the caller's name: in a store without sign-in callers are who they say they are, and all are administrators.
/// </summary>
public sealed record SavedView
{
    public required ExperimentId Experiment { get; init; }

    public required ViewId Id { get; init; }

    public required ViewContent Content { get; init; }

    /// <summary>Who saved it first.</summary>
    public required string Owner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    /// <summary>Which change of the experiment's views made it so; no two states of views have the same.</summary>
    public required long Revision { get; init; }

    /// <summary>Whether it is among those that the caller chooses from.</summary>
    public bool IsFor(Caller caller) => Content.IsShared || Owner == caller.Name;

    /// <summary>Whether the caller may change and delete it: the owner and administrators.</summary>
    public bool IsChangedBy(Caller caller) => Owner == caller.Name || caller.Role >= Role.Admin;
}
