namespace ServerlessMeta.Previews;

/// <summary>
/// A file as its preview reads it: what the budget does not allow reads as the end of the file, and a fault of the stream is told apart from one in the bytes.
/// Small reads are joined, for each may be a request over the network.
/// </summary>
internal sealed class ContentStream(Stream inner, long size, PreviewBudget budget) : Stream
{
    private const int Chunk = 128 * 1024;

    private byte[] window = [];
    private long windowStart;
    private int windowLength;
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position
    {
        get => position;
        set => position = Math.Max(0, value);
    }

    public PreviewBudget Budget => budget;

    /// <summary>Bytes at a place, fewer only where the file or the budget ends; valid until the next read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAtAsync(long offset, int count, CancellationToken ct)
    {
        if (offset < 0 || offset > size)
        {
            return default;
        }
        count = (int)Math.Min(count, size - offset);
        if (offset < windowStart || offset + count > windowStart + windowLength)
        {
            await MoveWindowAsync(offset, count, ct);
        }
        var at = (int)(offset - windowStart);
        return window.AsMemory(at, Math.Clamp(windowLength - at, 0, count));
    }

    /// <summary>The whole file; null when it is larger than that, or than the budget.</summary>
    public async ValueTask<byte[]?> ReadAllAsync(int most, CancellationToken ct)
    {
        if (size > most)
        {
            return null;
        }
        var all = new byte[size];
        Position = 0;
        var read = await this.ReadAtLeastAsync(all, all.Length, throwOnEndOfStream: false, ct);
        return budget.Limit is not null ? null : read == all.Length ? all : all[..read];
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }
        if (position >= windowStart && position < windowStart + windowLength)
        {
            var at = (int)(position - windowStart);
            var some = Math.Min(buffer.Length, windowLength - at);
            window.AsSpan(at, some).CopyTo(buffer.Span);
            position += some;
            return some;
        }
        if (buffer.Length < Chunk && position < size)
        {
            await MoveWindowAsync(position, 1, cancellationToken);
            return position < windowStart + windowLength ? await ReadAsync(buffer, cancellationToken) : 0;
        }
        var read = await ReadInnerAsync(position, buffer, cancellationToken);
        position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => position + offset, _ => size + offset };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Moves the window so that it begins at the offset; what it has of that already is not read again.</summary>
    private async ValueTask MoveWindowAsync(long offset, int count, CancellationToken ct)
    {
        var kept = offset >= windowStart && offset < windowStart + windowLength ? (int)(windowStart + windowLength - offset) : 0;
        var length = (int)Math.Min(Math.Max(count, Chunk), size - offset);
        var old = window.AsSpan(windowLength - kept, kept);
        if (window.Length < length)
        {
            var larger = new byte[length];
            old.CopyTo(larger);
            window = larger;
        }
        else
        {
            old.CopyTo(window);
        }
        (windowStart, windowLength) = (offset, kept);
        while (windowLength < length)
        {
            var read = await ReadInnerAsync(offset + windowLength, window.AsMemory(windowLength, length - windowLength), ct);
            if (read == 0)
            {
                return;
            }
            windowLength += read;
        }
    }

    private async ValueTask<int> ReadInnerAsync(long offset, Memory<byte> buffer, CancellationToken ct)
    {
        var allowed = offset >= size ? 0 : budget.Allow((int)Math.Min(buffer.Length, size - offset));
        if (allowed == 0)
        {
            return 0;
        }
        try
        {
            if (inner.Position != offset)
            {
                inner.Position = offset;
            }
            var read = await inner.ReadAsync(buffer[..allowed], ct);
            budget.Took(read);
            return read;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            throw new ContentFaultException(fault);
        }
    }
}
