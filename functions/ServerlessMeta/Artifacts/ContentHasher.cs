using System.Security.Cryptography;

namespace ServerlessMeta.Artifacts;

/// <summary>MD5 and SHA-256 of bytes that pass by.</summary>
internal sealed class ContentHasher : IDisposable
{
#pragma warning disable CA5351 // MD5 is what data sets are known by in the field; SHA-256 beside it decides.
    private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long size;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        md5.AppendData(bytes);
        sha256.AppendData(bytes);
        size += bytes.Length;
    }

    public ContentDigests Finish() => new(size, Convert.ToHexStringLower(md5.GetHashAndReset()), Convert.ToHexStringLower(sha256.GetHashAndReset()));

    public static async Task<ContentDigests> HashAsync(Stream content, CancellationToken ct)
    {
        using var hasher = new ContentHasher();
        var buffer = new byte[256 * 1024];
        while (await content.ReadAsync(buffer, ct) is > 0 and var read)
        {
            hasher.Append(buffer.AsSpan(0, read));
        }
        return hasher.Finish();
    }

    public void Dispose()
    {
        md5.Dispose();
        sha256.Dispose();
    }
}
