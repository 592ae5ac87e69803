using System.Buffers.Binary;
using System.Net;

namespace ServerlessMeta.Benchmarks.Wire;

/// <summary>A body of noise of any size, no two the same, that costs the sender next to nothing to make.</summary>
internal sealed class NoiseContent : HttpContent
{
    private const int PieceBytes = 1024 * 1024;
    private static readonly byte[] Noise = Make();
    private static long pieces;

    private readonly long length;

    public NoiseContent(long length)
    {
        this.length = length;
        Headers.ContentLength = length;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var piece = (byte[])Noise.Clone();
        for (long sent = 0; sent < length;)
        {
            BinaryPrimitives.WriteInt64LittleEndian(piece, Interlocked.Increment(ref pieces));
            var some = (int)Math.Min(PieceBytes, length - sent);
            await stream.WriteAsync(piece.AsMemory(0, some));
            sent += some;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = this.length;
        return true;
    }

    private static byte[] Make()
    {
        var bytes = new byte[PieceBytes];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
