using System.Buffers.Binary;
using ServerlessMeta.Previews;
using SkiaSharp;

namespace ServerlessMeta.Tests.Previews;

public sealed class ImageTests
{
    [Theory]
    [InlineData(SKEncodedImageFormat.Png, "png")]
    [InlineData(SKEncodedImageFormat.Jpeg, "jpeg")]
    [InlineData(SKEncodedImageFormat.Webp, "webp")]
    public async Task Picture_has_measures_and_a_thumbnail(SKEncodedImageFormat format, string name)
    {
        var result = await Previewing.Make("plot.png", new CountingStream(Picture(1000, 500, format)));

        using var thumbnail = SKBitmap.Decode(result.Thumbnail!.ToArray());
        Assert.Equal(new ImagePreview(1000, 500, name, null), result.Preview.Image);
        Assert.Equal((320, 160), (thumbnail.Width, thumbnail.Height));
        Assert.InRange(thumbnail.GetPixel(300, 150).Red, 200, 255);
        Assert.InRange(thumbnail.GetPixel(10, 10).Red, 0, 50);
    }

    [Fact]
    public async Task Gif_and_bitmap_are_pictures_too()
    {
        byte[] gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];
        byte[] bitmap = [.. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0];

        Assert.Equal(new ImagePreview(1, 1, "gif", null), (await Previewing.Of("a.gif", gif)).Image);
        Assert.Equal(new ImagePreview(1, 1, "bmp", null), (await Previewing.Of("a.bmp", bitmap)).Image);
    }

    [Fact]
    public async Task A_small_picture_is_not_made_larger()
    {
        var result = await Previewing.Make("a.png", new CountingStream(Picture(20, 10, SKEncodedImageFormat.Png)));

        using var thumbnail = SKBitmap.Decode(result.Thumbnail!.ToArray());
        Assert.Equal((20, 10), (thumbnail.Width, thumbnail.Height));
    }

    [Fact]
    public async Task A_long_strip_keeps_a_pixel()
    {
        var result = await Previewing.Make("a.png", new CountingStream(Picture(4000, 2, SKEncodedImageFormat.Png)));

        using var thumbnail = SKBitmap.Decode(result.Thumbnail!.ToArray());
        Assert.Equal((320, 1), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [InlineData(1, 2_000_000_000)]
    [InlineData(60_000, 60_000)]
    [InlineData(0, 0)]
    [InlineData(0x7FFFFFFF, 0x7FFFFFFF)]
    public async Task A_picture_that_claims_too_many_pixels_has_no_preview(int width, int height)
    {
        var bytes = Picture(10, 10, SKEncodedImageFormat.Png);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), Crc(bytes.AsSpan(12, 17)));

        var result = await Previewing.Make("a.png", new CountingStream(bytes));

        Assert.Equal(PreviewKind.None, result.Preview.Kind);
        Assert.Null(result.Thumbnail);
    }

    [Fact]
    public async Task A_picture_of_too_many_pixels_to_decode_has_its_measures_only()
    {
        var bytes = Picture(10, 10, SKEncodedImageFormat.Png);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), 7_000);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), 7_000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), Crc(bytes.AsSpan(12, 17)));

        var result = await Previewing.Make("a.png", new CountingStream(bytes));

        Assert.Equal((7_000, 7_000), (result.Preview.Image!.Width, result.Preview.Image.Height));
        Assert.NotNull(result.Preview.Image.Note);
        Assert.Null(result.Thumbnail);
    }

    [Fact]
    public async Task A_picture_that_breaks_off_is_shown_as_far_as_it_goes()
    {
        var bytes = Picture(800, 600, SKEncodedImageFormat.Jpeg);

        var result = await Previewing.Make("a.jpg", new CountingStream(bytes[..(bytes.Length / 2)]));

        Assert.Equal((800, 600), (result.Preview.Image!.Width, result.Preview.Image.Height));
    }

    [Fact]
    public async Task Markup_and_large_files_are_no_pictures()
    {
        Assert.Equal(PreviewKind.None, (await Previewing.OfText("a.png", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")).Kind);
        var large = new CountingStream(PreviewLimits.ImageBytes + 1, static _ => 0);
        Assert.Equal(PreviewKind.None, (await Previewing.Make("a.png", large)).Preview.Kind);
        Assert.Equal(0, large.BytesRead);
    }

    /// <summary>Black on the left, red on the right.</summary>
    internal static byte[] Picture(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Black);
        using var paint = new SKPaint { Color = SKColors.Red };
        canvas.DrawRect(width / 2f, 0, width, height, paint);
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var part in bytes)
        {
            crc ^= part;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }
        return ~crc;
    }
}
