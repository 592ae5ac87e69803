using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Webhooks;

/// <summary>
/// Keeps what payloads are signed with. It must be readable, so it is not hashed: with a key in configuration it is encrypted (AES-GCM, bound to its webhook), without one
/// it is kept as it is. Either way it begins with chance, so that the digest of its row, which the audit shows, tells nothing of it.
/// </summary>
internal sealed class WebhookSecrets(string? key)
{
    private const byte Plain = 0;
    private const byte Encrypted = 1;
    private const int SaltBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[]? key = string.IsNullOrEmpty(key) ? null : Convert.FromBase64String(key);

    public ImmutableArray<byte> Seal(WebhookId webhook, string? secret)
    {
        if (string.IsNullOrEmpty(secret))
        {
            return [];
        }
        var text = Encoding.UTF8.GetBytes(secret);
        if (key is null)
        {
            return [Plain, .. RandomNumberGenerator.GetBytes(SaltBytes), .. text];
        }
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var (cipher, tag) = (new byte[text.Length], new byte[TagBytes]);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, text, cipher, tag, Bound(webhook));
        return [Encrypted, .. nonce, .. tag, .. cipher];
    }

    /// <summary>What signs; null when it was encrypted with another key, or changed behind the store's back.</summary>
    public byte[]? Open(WebhookId webhook, ImmutableArray<byte> kept)
    {
        var bytes = kept.AsSpan();
        if (bytes.Length > 1 + SaltBytes && bytes[0] is Plain)
        {
            return bytes[(1 + SaltBytes)..].ToArray();
        }
        if (key is null || bytes.Length < 1 + NonceBytes + TagBytes || bytes[0] is not Encrypted)
        {
            return null;
        }
        var text = new byte[bytes.Length - 1 - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(bytes.Slice(1, NonceBytes), bytes[(1 + NonceBytes + TagBytes)..], bytes.Slice(1 + NonceBytes, TagBytes), text, Bound(webhook));
            return text;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] Bound(WebhookId webhook) => Encoding.ASCII.GetBytes(webhook.ToString());
}
