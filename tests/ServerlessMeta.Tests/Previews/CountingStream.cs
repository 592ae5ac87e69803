namespace ServerlessMeta.Tests.Previews;

/// <summary>A file of any size made as it is read, which counts what is read of it.</summary>
internal sealed class CountingStream(long size, Func<long, byte> at) : Stream
{
    public CountingStream(byte[] bytes)
        : this(bytes.Length, position => bytes[position])
    {
    }

    public long BytesRead { get; private set; }

    public List<int> Reads { get; } = [];

    /// <summary>Where reading fails; never, at first.</summary>
    public long FailsAt { get; init; } = long.MaxValue;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position { get; set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Position + buffer.Length > FailsAt)
        {
            throw new IOException("The network is down.");
        }
        var count = (int)Math.Min(buffer.Length, Math.Max(0, size - Position));
        for (var i = 0; i < count; i++)
        {
            buffer.Span[i] = at(Position + i);
        }
        Position += count;
        BytesRead += count;
        Reads.Add(buffer.Length);
        return ValueTask.FromResult(count);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
