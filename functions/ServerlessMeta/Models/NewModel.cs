using System.Collections.Immutable;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>What a caller says of a new registered model.</summary>
public sealed record NewModel(string Name)
{
    public string? Description { get; init; }

    public string? Owner { get; init; }

    /// <summary>Distinct keys.</summary>
    public ImmutableArray<Tag> Tags { get; init; } = [];

    /// <summary>When set, a repeated creation of the name answers the model that the first one made.</summary>
    public string? IdempotencyKey { get; init; }
}
