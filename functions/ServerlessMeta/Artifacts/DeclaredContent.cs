using ServerlessMeta.Platform;

namespace ServerlessMeta.Artifacts;

/// <summary>What an uploader says of the bytes that follow; null: nothing. What turns out otherwise is refused.</summary>
/// <param name="ContentType">How the file is described to whoever reads it.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Md5">32 lower-case hex digits.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
public sealed record DeclaredContent(string? ContentType = null, long? Size = null, string? Md5 = null, string? Sha256 = null)
{
    internal Failure.Invalid? Refuse(ContentDigests found)
    {
        if (Md5 is { } md5 && md5 != found.Md5)
        {
            return new Failure.Invalid("Content-MD5", $"The bytes have the MD5 {found.Md5}, but Content-MD5 says {md5}. Nothing was stored.");
        }
        if (Sha256 is { } sha256 && sha256 != found.Sha256)
        {
            return new Failure.Invalid("Content-Digest", $"The bytes have the SHA-256 {found.Sha256}, but Content-Digest says {sha256}. Nothing was stored.");
        }
        return Size is { } size && size != found.Size ? new Failure.Invalid("Content-Length", $"{found.Size} bytes came, but Content-Length says {size}. Nothing was stored.") : null;
    }
}
