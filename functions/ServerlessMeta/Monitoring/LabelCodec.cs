using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// A batch of labels as bytes: how many, then of each the id, the label, the version, and the two instants in milliseconds (0: none, else one more); compressed. Its digest is that of the bytes before they
/// are compressed.
/// </summary>
internal static class LabelCodec
{
    private const byte Version = 1;

    public static (byte[] Packed, string Digest) Write(ImmutableArray<PostedLabel> labels)
    {
        using var plain = new MemoryStream();
        plain.WriteByte(Version);
        Whole(plain, (ulong)labels.Length);
        foreach (var label in labels)
        {
            Text(plain, label.PredictionId);
            Text(plain, label.Label);
            Whole(plain, Varint.Fold(label.Version));
            Instant(plain, label.PredictedAt);
            Instant(plain, label.LabelledAt);
        }
        return (Deflated.Pack(plain), Convert.ToHexStringLower(SHA256.HashData(plain.GetBuffer().AsSpan(0, (int)plain.Length))));
    }

    public static ImmutableArray<PostedLabel> Read(byte[] packed)
    {
        var from = Deflated.Unpack(packed);
        if (from[0] != Version)
        {
            throw new InvalidDataException("A batch of labels has an unknown version; newer code wrote it.");
        }
        from = from[1..];
        var labels = ImmutableArray.CreateBuilder<PostedLabel>((int)Varint.Read(ref from));
        while (labels.Count < labels.Capacity)
        {
            var (id, label) = (Text(ref from), Text(ref from));
            var version = Varint.Unfold(Varint.Read(ref from));
            var predicted = Instant(ref from);
            labels.Add(new PostedLabel(id, label, version, predicted, Instant(ref from)));
        }
        return labels.MoveToImmutable();
    }

    private static void Instant(MemoryStream to, DateTimeOffset? instant) => Whole(to, instant is { } at ? Varint.Fold(at.ToUnixTimeMilliseconds()) + 1 : 0);

    private static DateTimeOffset? Instant(ref ReadOnlySpan<byte> from) => Varint.Read(ref from) is > 0 and var written ? DateTimeOffset.FromUnixTimeMilliseconds(Varint.Unfold(written - 1)) : null;

    private static void Text(MemoryStream to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Whole(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static string Text(ref ReadOnlySpan<byte> from)
    {
        var length = (int)Varint.Read(ref from);
        var text = Encoding.UTF8.GetString(from[..length]);
        from = from[length..];
        return text;
    }

    private static void Whole(MemoryStream to, ulong value)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxSize];
        to.Write(bytes[..Varint.Write(bytes, value)]);
    }
}
