using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ServerlessMeta.Reproduction;

/// <summary>
/// A zip archive that is the same bytes for the same files: in the order of their paths, stored without compression, so that no version of a compressor matters, each
/// from 1980-01-01. Written as a stream of known length. A file's checksum stands before its bytes, so a file larger than the buffer is read twice.
/// </summary>
internal static class ZipWriter
{
    /// <summary>What is held in memory of a file.</summary>
    private const int BufferBytes = 1024 * 1024;
    private const ushort Version = 20;
    private const ushort MadeOnUnix = (3 << 8) | Version;
    private const ushort Utf8Names = 1 << 11;
    private const ushort FirstDay = (1 << 5) | 1;
    private const uint PlainFile = 0x81A4_0000;
    private const int LocalHeader = 30;
    private const int CentralHeader = 46;
    private const int EndRecord = 22;

    public static long LengthOf(IEnumerable<ZipEntry> entries) =>
        EndRecord + entries.Sum(static entry => LocalHeader + CentralHeader + (2L * Encoding.UTF8.GetByteCount(entry.Path)) + entry.Size);

    /// <summary>The paths must be distinct, the whole under 4 GiB and 65,535 files.</summary>
    public static async Task WriteAsync(IReadOnlyCollection<ZipEntry> entries, Stream to, CancellationToken ct)
    {
        if (LengthOf(entries) > uint.MaxValue || entries.Count >= ushort.MaxValue)
        {
            throw new InvalidOperationException("The archive would be larger than a zip can be.");
        }
        var central = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long at = 0;
            foreach (var entry in entries.OrderBy(static entry => entry.Path, StringComparer.Ordinal))
            {
                var name = Encoding.UTF8.GetBytes(entry.Path);
                var (crc, held) = await ReadAsync(entry, buffer, ct);
                await to.WriteAsync(Local(entry, name, crc), ct);
                await (held ? to.WriteAsync(buffer.AsMemory(0, (int)entry.Size), ct).AsTask() : CopyAsync(entry, buffer, to, ct));
                central.Write(Central(entry, name, crc, (uint)at));
                at += LocalHeader + name.Length + entry.Size;
            }
            var end = End((ushort)entries.Count, (uint)central.Length, (uint)at);
            central.Position = 0;
            await central.CopyToAsync(to, ct);
            await to.WriteAsync(end, ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<(uint Crc, bool Held)> ReadAsync(ZipEntry entry, byte[] buffer, CancellationToken ct)
    {
        var held = entry.Size <= BufferBytes;
        await using var stream = entry.Open();
        var (crc, total) = (0u, 0L);
        while (total < entry.Size)
        {
            var into = held ? buffer.AsMemory((int)total, (int)(entry.Size - total)) : buffer.AsMemory(0, BufferBytes);
            var read = await stream.ReadAsync(into, ct);
            if (read == 0)
            {
                throw new EndOfStreamException($"'{entry.Path}' ends after {total} of {entry.Size} bytes.");
            }
            crc = Crc32.Append(crc, into.Span[..read]);
            total += read;
        }
        return (crc, held);
    }

    private static async Task CopyAsync(ZipEntry entry, byte[] buffer, Stream to, CancellationToken ct)
    {
        await using var stream = entry.Open();
        for (var left = entry.Size; left > 0;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, BufferBytes)), ct);
            if (read == 0)
            {
                throw new EndOfStreamException($"'{entry.Path}' ends too soon.");
            }
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
            left -= read;
        }
    }

    private static byte[] Local(ZipEntry entry, byte[] name, uint crc)
    {
        var header = new byte[LocalHeader + name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034B50);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), Version);
        Common(header.AsSpan(6), entry, name, crc);
        name.CopyTo(header, LocalHeader);
        return header;
    }

    private static byte[] Central(ZipEntry entry, byte[] name, uint crc, uint at)
    {
        var header = new byte[CentralHeader + name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x02014B50);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), MadeOnUnix);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), Version);
        Common(header.AsSpan(8), entry, name, crc);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(38), PlainFile);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), at);
        name.CopyTo(header, CentralHeader);
        return header;
    }

    // Flags, method (stored), time, day, checksum, both sizes, length of the name: the same in both headers.
    private static void Common(Span<byte> header, ZipEntry entry, byte[] name, uint crc)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header, Utf8Names);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)entry.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], (uint)entry.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], (ushort)name.Length);
    }

    private static byte[] End(ushort count, uint centralBytes, uint centralAt)
    {
        var record = new byte[EndRecord];
        BinaryPrimitives.WriteUInt32LittleEndian(record, 0x06054B50);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(8), count);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(10), count);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12), centralBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), centralAt);
        return record;
    }
}
