namespace ServerlessMeta.Environments;

/// <summary>The image that a run ran in.</summary>
/// <param name="Image">Its name and tag.</param>
/// <param name="Digest">sha256: and 64 hex digits.</param>
/// <param name="Dockerfile">What builds it.</param>
public sealed record DockerImage(string? Image, string? Digest, string? Dockerfile)
{
    /// <summary>The digest, also when the image's name ends in it.</summary>
    public string? EffectiveDigest => Digest ?? (Image is not null && Image.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? Image[(at + 1)..] : null);

    internal bool IsEmpty => Image is null && Digest is null && Dockerfile is null;
}
