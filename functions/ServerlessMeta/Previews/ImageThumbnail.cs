using System.Runtime.InteropServices;
using SkiaSharp;

namespace ServerlessMeta.Previews;

/// <summary>A picture's measures and a small copy of it. The pixels of a JPEG or WebP are decoded at a reduced scale, others as a whole if they are few enough.</summary>
internal static class ImageThumbnail
{
    private const int Quality = 85;

    public static async Task<PreviewResult> MakeAsync(ContentStream content, CancellationToken ct)
    {
        // Decoded from memory: a stream that fails must not throw through native code.
        var bytes = await content.ReadAllAsync(PreviewLimits.ImageBytes, ct);
        if (bytes is null)
        {
            return PreviewResult.Of(Preview.None(content.Budget.Limit is { } limit ? $"The reading ended {limit}." : $"The picture file has more than {PreviewLimits.ImageBytes >> 20} MiB."));
        }
        var pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        try
        {
            return Make(bytes, pinned.AddrOfPinnedObject());
        }
        finally
        {
            pinned.Free();
        }
    }

    private static PreviewResult Make(byte[] bytes, IntPtr address)
    {
        using var data = SKData.Create(address, bytes.Length);
        using var codec = SKCodec.Create(data);
        if (codec is null || FormatOf(codec) is not { } format)
        {
            return PreviewResult.Of(Preview.None("It is no picture of a known format."));
        }
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > PreviewLimits.ImagePixels)
        {
            return PreviewResult.Of(Preview.None($"The picture has {width} x {height} pixels, more than {PreviewLimits.ImagePixels / 1_000_000} million."));
        }
        var thumbnail = Thumbnail(codec, IsBaselineJpeg(bytes), out var note);
        return new PreviewResult(new Preview { Kind = PreviewKind.Image, Image = new ImagePreview(width, height, format, note) }, thumbnail);
    }

    private static BinaryData? Thumbnail(SKCodec codec, bool decodesByParts, out string? note)
    {
        var full = codec.Info.Size;
        if (!decodesByParts && (long)full.Width * full.Height > PreviewLimits.WholeImagePixels)
        {
            note = $"A picture of this format is decoded as a whole, and this one has more than {PreviewLimits.WholeImagePixels / 1_000_000} million pixels.";
            return null;
        }
        var scale = Math.Min(1, (float)PreviewLimits.ThumbnailPixels / Math.Max(full.Width, full.Height));
        var reduced = codec.GetScaledDimensions(scale);
        using var pixels = new SKBitmap();
        if (!pixels.TryAllocPixels(new SKImageInfo(reduced.Width, reduced.Height, SKColorType.Rgba8888, SKAlphaType.Premul)))
        {
            throw new PixelMemoryException();
        }
        // What is there of a broken picture is shown.
        if (codec.GetPixels(pixels.Info, pixels.GetPixels()) is not (SKCodecResult.Success or SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput))
        {
            note = "Its pixels cannot be decoded.";
            return null;
        }
        using var small = Shrink(pixels, full, scale);
        using var upright = Turn(small ?? pixels, codec.EncodedOrigin);
        using var encoded = (upright ?? small ?? pixels).Encode(SKEncodedImageFormat.Webp, Quality);
        note = encoded is null ? "It cannot be made smaller." : null;
        return encoded is null ? null : new BinaryData(encoded.ToArray());
    }

    private static SKBitmap? Shrink(SKBitmap pixels, SKSizeI full, float scale)
    {
        var size = new SKSizeI(Math.Max(1, (int)(full.Width * scale)), Math.Max(1, (int)(full.Height * scale)));
        return pixels.Width <= size.Width && pixels.Height <= size.Height ? null : pixels.Resize(size, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
    }

    /// <summary>Turned as the camera was held; null when it was held upright.</summary>
    private static SKBitmap? Turn(SKBitmap pixels, SKEncodedOrigin origin)
    {
        var (degrees, quarter) = origin switch
        {
            SKEncodedOrigin.BottomRight => (180, false),
            SKEncodedOrigin.RightTop => (90, true),
            SKEncodedOrigin.LeftBottom => (270, true),
            _ => (0, false),
        };
        if (degrees == 0)
        {
            return null;
        }
        var turned = new SKBitmap(quarter ? pixels.Height : pixels.Width, quarter ? pixels.Width : pixels.Height, pixels.ColorType, pixels.AlphaType);
        using var canvas = new SKCanvas(turned);
        canvas.Clear(SKColors.Transparent);
        canvas.Translate(turned.Width / 2f, turned.Height / 2f);
        canvas.RotateDegrees(degrees);
        canvas.DrawBitmap(pixels, -pixels.Width / 2f, -pixels.Height / 2f, new SKSamplingOptions(SKFilterMode.Linear));
        return turned;
    }

    private static string? FormatOf(SKCodec codec) => codec.EncodedFormat switch
    {
        SKEncodedImageFormat.Png => "png",
        SKEncodedImageFormat.Jpeg => "jpeg",
        SKEncodedImageFormat.Gif => "gif",
        SKEncodedImageFormat.Webp => "webp",
        SKEncodedImageFormat.Bmp => "bmp",
        _ => null,
    };

    /// <summary>Of a progressive one the decoder keeps all coefficients; so its first frame header decides.</summary>
    private static bool IsBaselineJpeg(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [0xFF, 0xD8, ..])
        {
            return false;
        }
        var at = 2;
        while (at + 4 <= bytes.Length && bytes[at] == 0xFF)
        {
            if (bytes[at + 1] is 0xC0 or 0xC1)
            {
                return true;
            }
            if (bytes[at + 1] is 0xC2 or 0xDA)
            {
                return false;
            }
            at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
        }
        return false;
    }
}
