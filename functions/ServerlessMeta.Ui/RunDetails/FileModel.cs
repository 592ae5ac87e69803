using ServerlessMeta.Previews;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>A file of a run, in little.</summary>
/// <param name="Path">From the root of its place.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="ContentType">As it was stored.</param>
/// <param name="StoredAt">When.</param>
/// <param name="Preview">What it holds.</param>
/// <param name="Download">Where its bytes are.</param>
/// <param name="Thumbnail">Where a picture in little is.</param>
public sealed record FileModel(string Path, long Size, string Sha256, string ContentType, DateTimeOffset StoredAt, Preview Preview, string Download, string Thumbnail);
