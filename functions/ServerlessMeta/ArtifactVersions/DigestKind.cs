namespace ServerlessMeta.ArtifactVersions;

public enum DigestKind
{
    Md5,
    Sha256,

    /// <summary>A digest that only its maker can compute.</summary>
    Opaque,
}
