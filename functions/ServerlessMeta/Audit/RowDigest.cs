using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>
/// The digest of what a row says: SHA-256 over its properties in ordinal order of their names, each as length and UTF-8 of the name, a byte for the type, length and
/// bytes of the value. Keys, ETag and time of the row, the id of its last write and the audit's own properties are no part of it.
/// </summary>
internal static class RowDigest
{
    public static string Of(TableEntity row) => Of(row, static _ => true);

    /// <param name="properties">The properties of the row.</param>
    /// <param name="isRecord">Which properties are part of the record; others (caches, counters, metric points) change without an entry.</param>
    public static string Of(IEnumerable<KeyValuePair<string, object>> properties, Func<string, bool> isRecord)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in properties.Where(property => property.Value is not null && !IsOurs(property.Key) && isRecord(property.Key)).OrderBy(static property => property.Key, StringComparer.Ordinal))
        {
            Append(hash, Encoding.UTF8.GetBytes(name));
            var (type, bytes) = Bytes(value);
            hash.AppendData([type]);
            Append(hash, bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool IsOurs(string property) =>
        property is "PartitionKey" or "RowKey" or "Timestamp" or "odata.etag" or "odata.metadata" or WriteId.Property || property.EndsWith("@odata.type", StringComparison.Ordinal) || AuditHead.Owns(property);

    private static void Append(IncrementalHash hash, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    private static (byte Type, byte[] Bytes) Bytes(object value)
    {
        switch (value)
        {
            case string text:
                return (1, Encoding.UTF8.GetBytes(text));
            case byte[] binary:
                return (2, binary);
            case BinaryData binary:
                return (2, binary.ToArray());
            case bool flag:
                return (3, [flag ? (byte)1 : (byte)0]);
            case int number:
                return (4, Eight(number));
            case long number:
                return (5, Eight(number));
            case double number:
                return (6, Eight(BitConverter.DoubleToInt64Bits(number)));
            case DateTimeOffset instant:
                return (7, Eight(instant.UtcTicks));
            default:
                throw new InvalidOperationException($"A property of type {value.GetType().Name} has no digest.");
        }
    }

    private static byte[] Eight(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
