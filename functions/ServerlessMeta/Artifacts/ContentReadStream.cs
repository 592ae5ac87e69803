using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace ServerlessMeta.Artifacts;

/// <summary>
/// A blob's bytes, seekable: what is asked for is downloaded in stretches, so that a range far inside costs no more than itself. Content never changes, so no
/// condition is sent. When the blob is gone, the one that has the bytes now is asked for.
/// </summary>
internal sealed class ContentReadStream(BlobClient first, long length, Func<CancellationToken, Task<BlobClient?>> findOther) : Stream
{
    // The first stretch is short, for most readers of a range want little; those who read on get longer ones.
    private const long FirstStretch = 4 * 1024 * 1024;
    private const long LongestStretch = 64 * 1024 * 1024;

    private BlobClient blob = first;
    private Stream? current;
    private long at;
    private long end;
    private long stretch = FirstStretch;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => at;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            if (value != at)
            {
                Drop();
                stretch = FirstStretch;
                at = value;
            }
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => at + offset,
        _ => length + offset,
    };

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (at < length && buffer.Length > 0)
        {
            if (current is null)
            {
                end = Math.Min(length, at + stretch);
                stretch = Math.Min(stretch * 2, LongestStretch);
                current = await DownloadAsync(cancellationToken);
            }
            var read = await current.ReadAsync(buffer[..(int)Math.Min(buffer.Length, end - at)], cancellationToken);
            at += read;
            if (read == 0 || at == end)
            {
                Drop();
            }
            if (read > 0)
            {
                return read;
            }
            if (at < end)
            {
                throw new EndOfStreamException($"Storage gave {at} bytes of {length}.");
            }
        }
        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For readers that know no other way; whoever can, reads asynchronously.</summary>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Drop();
        base.Dispose(disposing);
    }

    private async Task<Stream> DownloadAsync(CancellationToken ct)
    {
        var part = new BlobDownloadOptions { Range = new Azure.HttpRange(at, end - at) };
        try
        {
            return (await blob.DownloadStreamingAsync(part, ct)).Value.Content;
        }
        catch (RequestFailedException gone) when (gone.Status is 404)
        {
            // The bytes may have been stored again elsewhere since.
            if (await findOther(ct) is not { } other || other.Name == blob.Name)
            {
                throw;
            }
            blob = other;
            return (await blob.DownloadStreamingAsync(part, ct)).Value.Content;
        }
    }

    private void Drop()
    {
        current?.Dispose();
        current = null;
    }
}
