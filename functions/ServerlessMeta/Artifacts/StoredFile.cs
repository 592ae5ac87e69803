namespace ServerlessMeta.Artifacts;

/// <summary>A file in this store.</summary>
public sealed record StoredFile
{
    public required ArtifactPath Path { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>32 lower-case hex digits.</summary>
    public required string Md5 { get; init; }

    /// <summary>64 lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>As the uploader said, or guessed from the name.</summary>
    public required string ContentType { get; init; }

    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>The blob that has the bytes.</summary>
    public required string Blob { get; init; }
}
