namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>A body held in memory so that it can be read at any place, in pieces, so that it never has to move.</summary>
internal sealed class SpooledBody : Stream
{
    private const int PieceBytes = 1024 * 1024;

    private readonly List<byte[]> pieces = [];
    private long length;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public static async Task<SpooledBody> ReadAsync(Stream body, CancellationToken ct)
    {
        var spooled = new SpooledBody();
        while (true)
        {
            var piece = new byte[PieceBytes];
            var read = await body.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, ct);
            spooled.pieces.Add(piece);
            spooled.length += read;
            if (read < piece.Length)
            {
                return spooled;
            }
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var offset = (int)(Position % PieceBytes);
        var some = (int)Math.Min(Math.Min(buffer.Length, PieceBytes - offset), Math.Max(0, length - Position));
        if (some > 0)
        {
            pieces[(int)(Position / PieceBytes)].AsSpan(offset, some).CopyTo(buffer);
            Position += some;
        }
        return some;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => Position + offset, _ => length + offset };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
