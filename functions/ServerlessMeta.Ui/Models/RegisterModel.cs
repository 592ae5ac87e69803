using System.Collections.Immutable;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Ui.Models;

/// <summary>The page by which a version is registered.</summary>
public sealed record RegisterModel
{
    /// <summary>The run it comes of; null: of none that is named.</summary>
    public RunInfo? Run { get; init; }

    /// <summary>The model's name that the link came with.</summary>
    public string? Name { get; init; }

    /// <summary>Names of models that there are.</summary>
    public required ImmutableArray<string> Models { get; init; }

    /// <summary>Where the run's files lie: folders first.</summary>
    public required ImmutableArray<string> Sources { get; init; }
}
