using System.Collections.Immutable;

namespace ServerlessMeta.ModelCards;

/// <summary>A model card: what a version is for, made from, worth and allowed. Made anew from the records each time, so the same records make the same card.</summary>
internal sealed record Card(string Model, int Version, ImmutableArray<CardPart> Parts)
{
    /// <summary>Every claim of the card, the missing ones too.</summary>
    public IEnumerable<(CardPart Part, Claim Claim)> Claims => Parts.SelectMany(static part => part.Claims.Select(claim => (part, claim)));
}
