using System.Collections.Immutable;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>The digests known of one content, at most one of each kind.</summary>
public sealed record ArtifactDigests(string? Md5, string? Sha256, string? Opaque)
{
    public static ArtifactDigests Of(KnownDigest digest) => new(
        digest.Kind is DigestKind.Md5 ? digest.Value : null, digest.Kind is DigestKind.Sha256 ? digest.Value : null, digest.Kind is DigestKind.Opaque ? digest.Value : null);

    public ImmutableArray<KnownDigest> Known =>
    [
        .. Enum.GetValues<DigestKind>().Select(kind => (Kind: kind, Value: this[kind])).Where(static pair => pair.Value is not null).Select(static pair => new KnownDigest(pair.Kind, pair.Value!)),
    ];

    public string? this[DigestKind kind] => kind switch { DigestKind.Md5 => Md5, DigestKind.Sha256 => Sha256, _ => Opaque };

    /// <summary>These, and of the others what is not known here.</summary>
    public ArtifactDigests With(ArtifactDigests others) => new(Md5 ?? others.Md5, Sha256 ?? others.Sha256, Opaque ?? others.Opaque);

    /// <summary>The first kind of which both know a digest, and not the same one.</summary>
    public DigestKind? Contradicts(ArtifactDigests others)
    {
        foreach (var (kind, value) in Known)
        {
            if (others[kind] is { } other && other != value)
            {
                return kind;
            }
        }
        return null;
    }
}
