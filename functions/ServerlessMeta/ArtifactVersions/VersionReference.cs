using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>How a version is named: by its number, as <c>latest</c>, or by a digest: <c>md5:</c>, <c>sha256:</c>, <c>digest:</c>.</summary>
public sealed record VersionReference(long? Number, KnownDigest? Digest) : IParsable<VersionReference>
{
    public static readonly VersionReference Latest = new(null, null);

    public static VersionReference Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var reference) ? reference : throw new FormatException("No version is named so.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out VersionReference result)
    {
        result = s switch
        {
            null => null,
            "latest" => Latest,
            _ when long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= ArtifactVersionKeys.MaxNumber => new(number, null),
            _ when s.Split(':', 2) is [var word, { Length: > 0 and <= RegistrationReader.DigestLength } value] => (word, KnownDigest.Of(value)) switch
            {
                ("md5", { Kind: DigestKind.Md5 } digest) => new(null, digest),
                ("sha256", { Kind: DigestKind.Sha256 } digest) => new(null, digest),
                ("digest", var digest) => new(null, digest),
                _ => null,
            },
            _ => null,
        };
        return result is not null;
    }

    public override string ToString() => Number?.ToString(CultureInfo.InvariantCulture) ?? Digest?.ToString() ?? "latest";
}
