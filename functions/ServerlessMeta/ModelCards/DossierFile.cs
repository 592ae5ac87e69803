namespace ServerlessMeta.ModelCards;

/// <summary>A file of the version.</summary>
internal sealed record DossierFile(string Path, long Size, string? Sha256, string? Md5);
