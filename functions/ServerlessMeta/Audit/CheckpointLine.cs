using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServerlessMeta.Audit;

/// <summary>
/// A checkpoint as one line of JSON: <c>{"checkpoint","at","previous","heads":{chain:[n,hash]},"kid"?,"key"?,"signature"?}</c>. The signature, base64url of ES256, is over
/// the line without the member <c>signature</c>, which is its last; <c>key</c> is the public key, base64 of its SubjectPublicKeyInfo.
/// </summary>
internal static class CheckpointLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static ReadOnlySpan<byte> SignatureMember => ",\"signature\":\""u8;

    public static byte[] Write(Checkpoint checkpoint, ECDsa? key)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("checkpoint"u8, checkpoint.Number);
            json.WriteString("at"u8, checkpoint.At.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("previous"u8, checkpoint.Previous);
            json.WriteStartObject("heads"u8);
            foreach (var (name, (number, hash)) in checkpoint.Heads)
            {
                json.WriteStartArray(name);
                json.WriteNumberValue(number);
                json.WriteStringValue(hash);
                json.WriteEndArray();
            }
            json.WriteEndObject();
            if (key is not null)
            {
                var own = key.ExportSubjectPublicKeyInfo();
                json.WriteString("kid"u8, SealKeys.IdOf(own));
                json.WriteBase64String("key"u8, own);
            }
            json.WriteEndObject();
        }
        var line = buffer.WrittenSpan.ToArray();
        return key is null ? line : [.. line.AsSpan(0, line.Length - 1), .. SignatureMember, .. Base64Url.EncodeToUtf8(SealKeys.Sign(key, line)), .. "\"}"u8];
    }

    /// <returns>Null when the line is none.</returns>
    public static Checkpoint? TryRead(ReadOnlyMemory<byte> line)
    {
        try
        {
            // All that is used is what is signed: nothing before, between or behind it is taken.
            var at = line.Span.LastIndexOf(SignatureMember);
            byte[] said = at < 0 ? line.ToArray() : [.. line.Span[..at], (byte)'}'];
            using var document = JsonDocument.Parse(said);
            var root = document.RootElement;
            if (root.TryGetProperty("signature"u8, out _) || root.TryGetProperty("key"u8, out var key) != at >= 0)
            {
                return null;
            }
            var heads = ImmutableSortedDictionary.CreateBuilder<string, (long, string)>(StringComparer.Ordinal);
            foreach (var head in root.GetProperty("heads"u8).EnumerateObject())
            {
                heads.Add(head.Name, (head.Value[0].GetInt64(), head.Value[1].GetString()!));
            }
            (byte[], byte[], byte[])? signature = null;
            if (at >= 0)
            {
                var rest = line.Span[(at + SignatureMember.Length)..];
                if (!rest.EndsWith("\"}"u8))
                {
                    return null;
                }
                var bytes = Base64Url.DecodeFromUtf8(rest[..^2]);
                if (!rest[..^2].SequenceEqual(Base64Url.EncodeToUtf8(bytes)))
                {
                    return null;
                }
                signature = (key.GetBytesFromBase64(), said, bytes);
            }
            return new Checkpoint
            {
                Number = root.GetProperty("checkpoint"u8).GetInt64(),
                At = root.GetProperty("at"u8).GetDateTimeOffset(),
                Previous = root.GetProperty("previous"u8).GetString()!,
                Heads = heads.ToImmutable(),
                Signature = signature,
            };
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
