using ServerlessMeta.Artifacts;

namespace ServerlessMeta.Previews;

/// <summary>
/// Container <c>previews</c>: <c>{SHA-256 of the file}/{format}-{version}.json</c>, and <c>.webp</c> for a picture in little. The version is that of the code that
/// makes previews, so that a better one makes them anew.
/// </summary>
internal static class PreviewKeys
{
    private const string Version = "2";

    public static string Folder(string sha256) => sha256 + "/";

    public static string FormatOf(string name) => (FileFormats.Find(name) is var (format, language) ? $"{format}.{language}" : "none").ToLowerInvariant() + "-" + Version;

    public static string Json(StoredFile file) => $"{Folder(file.Sha256)}{FormatOf(file.Path.Name)}.json";

    public static string Thumbnail(StoredFile file) => $"{Folder(file.Sha256)}{FormatOf(file.Path.Name)}.webp";
}
