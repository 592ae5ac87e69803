using System.Collections.Immutable;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>What differs between two versions; equal things are left out.</summary>
public sealed record ComparisonView(
    string Name, long From, long To, ImmutableArray<ChangeView> Digests, ImmutableArray<ChangeView> Metadata, LocationChangeView Locations, SizeChangeView? Size = null, SchemaChangeView? Schema = null)
{
    internal static ComparisonView Of(VersionComparison found) => new(
        found.From.Name, found.From.Number, found.To.Number,
        [.. found.Digests.Select(static digest => new ChangeView(KnownDigest.WordOf(digest.Kind), digest.From, digest.To))],
        [.. found.Metadata.Select(ChangeView.Of)],
        new LocationChangeView(found.AddedLocations, found.RemovedLocations),
        found.IsSizeChanged ? new SizeChangeView(found.From.Size, found.To.Size) : null,
        found.IsSchemaChanged ? SchemaChangeView.Of(found.Columns) : null);
}
