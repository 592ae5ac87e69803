using System.Buffers.Binary;
using System.Security.Cryptography;
using Azure.Data.Tables;
using ServerlessMeta.Audit;

namespace ServerlessMeta.Runs;

/// <summary>
/// The digest of the points that a run has. Segments are chained as they are spilled, in the run's own row, so that the end of a run names all its points without
/// reading any.
/// </summary>
internal static class PointsDigest
{
    /// <summary>No segments yet.</summary>
    public static byte[] None { get; } = new byte[32];

    /// <summary>The chain with one segment more.</summary>
    public static byte[] With(byte[] segments, TableEntity segment)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(segments);
        hash.AppendData(Convert.FromHexString(RowDigest.Of(segment)));
        return hash.GetHashAndReset();
    }

    /// <summary>All points: the chain of segments, and the tail.</summary>
    public static string Of(byte[] segments, IEnumerable<byte[]> tail)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(segments);
        Span<byte> length = stackalloc byte[4];
        foreach (var property in tail)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, property.Length);
            hash.AppendData(length);
            hash.AppendData(property);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
