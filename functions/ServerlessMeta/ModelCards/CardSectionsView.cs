using System.Collections.Immutable;

namespace ServerlessMeta.ModelCards;

/// <summary>The written parts that hold for a version.</summary>
internal sealed record CardSectionsView(ImmutableArray<CardSectionView> Sections);
