namespace ServerlessMeta.Previews;

/// <param name="Thumbnail">A WebP picture of at most <see cref="PreviewLimits.ThumbnailPixels"/> on its longer side; null when there is none.</param>
public sealed record PreviewResult(Preview Preview, BinaryData? Thumbnail)
{
    /// <summary>Whether the same file gives the same preview again; not when the time was up before its end, which depends on the machine and the moment.</summary>
    public bool IsRepeatable { get; init; } = true;

    public const string ThumbnailType = "image/webp";

    internal static PreviewResult Of(Preview preview) => new(preview, null);
}
