namespace ServerlessMeta.Search;

/// <summary>Collects what the Parquet writer writes, which reads <see cref="Position"/> and writes synchronously; an answer allows neither. <see cref="SendAsync"/> passes it on.</summary>
internal sealed class ForwardStream(Stream answer) : Stream
{
    private readonly MemoryStream waiting = new();
    private long sent;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => sent + waiting.Length;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public async Task SendAsync(CancellationToken ct)
    {
        waiting.Position = 0;
        await waiting.CopyToAsync(answer, ct);
        sent += waiting.Length;
        waiting.SetLength(0);
    }

    public override void Write(byte[] buffer, int offset, int count) => waiting.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => waiting.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => waiting.WriteAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => waiting.WriteAsync(buffer, cancellationToken);

    public override void Flush()
    {
        // Nothing goes out before it is sent.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            waiting.Dispose();
        }
        base.Dispose(disposing);
    }
}
