using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>
/// Which digests an artifact has, in its own row: 12 bytes each, so that one read tells a content that is new. A hit is a hint that the version's row confirms;
/// a miss is certain while the list is whole. The oldest go when it is full; then the claims tell.
/// </summary>
internal sealed class SeenDigests(byte[] packed, bool isWhole)
{
    /// <summary>48,000 bytes: under a property's 64 KiB.</summary>
    public const int MaxCount = 4000;

    private const int EntryBytes = 12;
    private const int DroppedAtOnce = 1000;

    public static SeenDigests None => new([], true);

    public byte[] Packed => packed;

    public bool IsWhole => isWhole;

    public long? Find(KnownDigest digest)
    {
        var mark = Mark(digest);
        for (var at = packed.Length - EntryBytes; at >= 0; at -= EntryBytes)
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(packed.AsSpan(at)) == mark)
            {
                return BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(at + sizeof(ulong)));
            }
        }
        return null;
    }

    public SeenDigests With(IReadOnlyCollection<KnownDigest> digests, long number)
    {
        var full = (packed.Length / EntryBytes) + digests.Count > MaxCount;
        var kept = full ? packed.AsSpan(DroppedAtOnce * EntryBytes) : packed;
        var next = new byte[kept.Length + (digests.Count * EntryBytes)];
        kept.CopyTo(next);
        var rest = next.AsSpan(kept.Length);
        foreach (var digest in digests)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, Mark(digest));
            BinaryPrimitives.WriteUInt32LittleEndian(rest[sizeof(ulong)..], (uint)number);
            rest = rest[EntryBytes..];
        }
        return new SeenDigests(next, isWhole && !full);
    }

    private static ulong Mark(KnownDigest digest) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(digest.ToString())));
}
