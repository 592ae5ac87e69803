using Azure.Data.Tables;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>Digests as properties of a row.</summary>
internal static class DigestColumns
{
    public static readonly string[] Names = [.. Enum.GetValues<DigestKind>().Select(KnownDigest.WordOf)];

    public static void Write(TableEntity row, ArtifactDigests digests)
    {
        foreach (var digest in digests.Known)
        {
            row[digest.Word] = digest.Value;
        }
    }

    public static ArtifactDigests Read(TableEntity row) => new(
        row.GetString(KnownDigest.WordOf(DigestKind.Md5)), row.GetString(KnownDigest.WordOf(DigestKind.Sha256)), row.GetString(KnownDigest.WordOf(DigestKind.Opaque)));
}
