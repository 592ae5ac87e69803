namespace ServerlessMeta.Previews;

/// <param name="Format">By its content, whatever its name says.</param>
/// <param name="Note">Why there is no thumbnail; null when there is one.</param>
public sealed record ImagePreview(int Width, int Height, string Format, string? Note);
