namespace ServerlessMeta.Previews;

/// <param name="Thumbnail">A WebP picture of at most <see cref="PreviewLimits.ThumbnailPixels"/> on its longer side; null when there is none.</param>
public sealed record PreviewResult(Preview Preview, BinaryData? Thumbnail)
{
    public const string ThumbnailType = "image/webp";

    internal static PreviewResult Of(Preview preview) => new(preview, null);
}
