using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.StorageTests.ArtifactVersions;

/// <summary>Registrations as short as tests want them: content n has digests of its own.</summary>
internal static class Contents
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static string Md5(int content) => Hex(content)[..32];

    public static string Sha256(int content) => Hex(content);

    public static Registration Content(int content, string name = "data", bool md5 = true, bool sha256 = false, string? opaque = null, string? location = "s3://bucket/a") =>
        new(name, ArtifactType.Dataset, new ArtifactDigests(md5 ? Md5(content) : null, sha256 ? Sha256(content) : null, opaque), location);

    public static async Task<Registered> RegisterAsync(this Instance store, Registration wanted)
    {
        var registered = await store.Versions.RegisterAsync(wanted, Ct);
        return registered.IsOk ? registered.Value : throw new InvalidOperationException(registered.Failure.Detail);
    }

    public static async Task<ImmutableArray<ArtifactVersion>> VersionsAsync(this Instance store, string name = "data")
    {
        var page = await store.VersionReader.ListVersionsAsync(name, 1000, null, Ct);
        return page.Failure is Failure.NotFound ? [] : page.Value.Items;
    }

    public static async Task<ImmutableArray<VersionUse>> UsesAsync(this Instance store, string name, long number) =>
        (await store.VersionReader.ListUsesAsync(name, new VersionReference(number, null), 1000, null, Ct)).Value.Items;

    /// <summary>What a version is, without its number and times.</summary>
    public static string Shown(ArtifactVersion version) =>
        $"{string.Join(',', version.Digests.Known)} {string.Join(',', version.Locations.Order(StringComparer.Ordinal))} {version.Size}";

    private static string Hex(int content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString(CultureInfo.InvariantCulture))));
}
