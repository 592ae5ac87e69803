using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ServerlessMeta.Audit;

/// <summary>Keys of checkpoints: ECDSA on P-256 with SHA-256 (ES256). A key's id is the beginning of the SHA-256 of its public part, so that a new key has a new id by itself.</summary>
internal static class SealKeys
{
    private const string Curve = "1.2.840.10045.3.1.7";
    private const int IdDigits = 16;

    public static string IdOf(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey))[..IdDigits];

    /// <returns>Null for an empty text.</returns>
    public static ECDsa? ReadPrivate(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }
        var key = ECDsa.Create();
        try
        {
            if (text.Contains("-----BEGIN", StringComparison.Ordinal))
            {
                key.ImportFromPem(text);
            }
            else
            {
                key.ImportPkcs8PrivateKey(Convert.FromBase64String(text.Trim()), out _);
            }
            // A public key read here fails when it is to sign.
            _ = Checked(key).ExportPkcs8PrivateKey();
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The public keys in a text, by their ids.</summary>
    public static ImmutableDictionary<string, byte[]> ReadPublic(string text)
    {
        var keys = ImmutableDictionary.CreateBuilder<string, byte[]>(StringComparer.Ordinal);
        foreach (var one in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            using var key = ECDsa.Create();
            if (one.Contains("-----BEGIN", StringComparison.Ordinal))
            {
                key.ImportFromPem(one);
            }
            else
            {
                key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(one), out _);
            }
            var bytes = Checked(key).ExportSubjectPublicKeyInfo();
            keys[IdOf(bytes)] = bytes;
        }
        return keys.ToImmutable();
    }

    public static byte[] Sign(ECDsa key, byte[] data) => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public static bool Verify(byte[] publicKey, byte[] data, byte[] signature)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            return Checked(key).VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static ECDsa Checked(ECDsa key) => key.ExportParameters(false).Curve.Oid.Value is Curve ? key : throw new CryptographicException("The key is not on the curve P-256.");
}
