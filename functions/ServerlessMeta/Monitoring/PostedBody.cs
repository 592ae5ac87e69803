using System.Security.Cryptography;

namespace ServerlessMeta.Monitoring;

/// <summary>A body that is hashed as it is read, and whose first letter can be looked at before.</summary>
internal sealed class PostedBody(Stream inner) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream ahead = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The first letter that is no white space; null: there is none within the first kilobytes.</summary>
    public async Task<char?> PeekAsync(CancellationToken ct)
    {
        var buffer = new byte[4096];
        int read;
        char? first = null;
        while (first is null && ahead.Length < 16 * buffer.Length && (read = await inner.ReadAsync(buffer, ct)) > 0)
        {
            ahead.Write(buffer, 0, read);
            var at = buffer.AsSpan(0, read).IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
            first = at < 0 ? null : (char)buffer[at];
        }
        ahead.Position = 0;
        return first;
    }

    /// <summary>The digest of the whole, of what was not read too.</summary>
    public async Task<string> DigestAsync(CancellationToken ct)
    {
        await CopyToAsync(Null, ct);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = ahead.Read(buffer.Span);
        if (read == 0)
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }
        hash.AppendData(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            ahead.Dispose();
        }
        base.Dispose(disposing);
    }
}
