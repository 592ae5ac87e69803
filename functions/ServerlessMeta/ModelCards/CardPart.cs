using System.Collections.Immutable;

namespace ServerlessMeta.ModelCards;

/// <summary>A part of a card: what people wrote, then what the records say.</summary>
internal sealed record CardPart
{
    /// <summary>A word that names it in JSON and in addresses.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>Written by hand; null when nobody did, or when the part is made of records alone.</summary>
    public CardSection? Written { get; init; }

    public ImmutableArray<Claim> Claims { get; init; } = [];

    public CardTable? Table { get; init; }
}
