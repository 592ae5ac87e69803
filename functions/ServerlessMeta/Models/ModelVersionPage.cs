using System.Collections.Immutable;

namespace ServerlessMeta.Models;

/// <summary>Versions, the newest first, without their large tags.</summary>
public sealed record ModelVersionPage(ImmutableArray<VersionView> Versions, string? NextPageToken = null);
