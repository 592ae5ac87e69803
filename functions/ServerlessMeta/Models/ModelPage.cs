using System.Collections.Immutable;

namespace ServerlessMeta.Models;

/// <summary>Models, without their large tags.</summary>
public sealed record ModelPage(ImmutableArray<ModelView> Models, string? NextPageToken = null);
