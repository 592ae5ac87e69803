namespace ServerlessMeta.Manifests;

/// <summary>The same thing in two manifests, with other bytes.</summary>
public sealed record ManifestChange(ManifestEntry From, ManifestEntry To);
