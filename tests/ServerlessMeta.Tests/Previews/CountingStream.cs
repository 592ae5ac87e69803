namespace ServerlessMeta.Tests.Previews;

/// <summary>A file of any size made as it is read, which counts what is read of it.</summary>
internal sealed class CountingStream(long size, Action<long, Span<byte>> fill) : Stream
{
    public CountingStream(byte[] bytes)
        : this(bytes.Length, (position, into) => bytes.AsSpan((int)position, into.Length).CopyTo(into))
    {
    }

    public CountingStream(long size, Func<long, byte> at)
        : this(size, (position, into) =>
        {
            for (var i = 0; i < into.Length; i++)
            {
                into[i] = at(position + i);
            }
        })
    {
    }

    /// <summary>The same bytes over and over.</summary>
    public CountingStream(long size, byte[] pattern)
        : this(size, (position, into) =>
        {
            var known = 0;
            for (; known < Math.Min(pattern.Length, into.Length); known++)
            {
                into[known] = pattern[(position + known) % pattern.Length];
            }
            for (; known < into.Length; known += Math.Min(known, into.Length - known))
            {
                into[..Math.Min(known, into.Length - known)].CopyTo(into[known..]);
            }
        })
    {
    }

    public long BytesRead { get; private set; }

    public List<int> Reads { get; } = [];

    /// <summary>Where reading fails; never, at first.</summary>
    public long FailsAt { get; init; } = long.MaxValue;

    /// <summary>What happens at each read, such as time passing.</summary>
    public Action Reading { get; init; } = static () => { };

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position { get; set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Reading();
        if (Position + buffer.Length > FailsAt)
        {
            throw new IOException("The network is down.");
        }
        var count = (int)Math.Min(buffer.Length, Math.Max(0, size - Position));
        if (count > 0)
        {
            fill(Position, buffer.Span[..count]);
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
