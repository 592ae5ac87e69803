namespace ServerlessMeta.ArtifactVersions;

/// <summary>One digest; hex is lower case.</summary>
public readonly record struct KnownDigest(DigestKind Kind, string Value)
{
    /// <summary>What a digest is called in requests and answers.</summary>
    public string Word => WordOf(Kind);

    public static string WordOf(DigestKind kind) => kind switch { DigestKind.Md5 => "md5", DigestKind.Sha256 => "sha256", _ => "digest" };

    /// <summary>A digest of unsaid kind: 32 hex digits are an MD5, 64 a SHA-256, anything else is opaque.</summary>
    public static KnownDigest Of(string digest) => digest.Length switch
    {
        32 when IsHex(digest) => new(DigestKind.Md5, digest.ToLowerInvariant()),
        64 when IsHex(digest) => new(DigestKind.Sha256, digest.ToLowerInvariant()),
        _ => new(DigestKind.Opaque, digest),
    };

    public override string ToString() => $"{Word}:{Value}";

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigit);
}
