using Microsoft.AspNetCore.StaticFiles;

namespace ServerlessMeta.Artifacts;

/// <summary>What files are called in HTTP, and what of it a browser may be told in this store's name.</summary>
public static class ContentTypes
{
    public const int MaxLength = 200;
    private const string Unknown = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider Known = new()
    {
        Mappings = { [".parquet"] = "application/vnd.apache.parquet", [".jsonl"] = "application/x-ndjson", [".yaml"] = "application/yaml", [".yml"] = "application/yaml", [".py"] = "text/x-python", [".md"] = "text/markdown" },
    };

    // Types that no browser runs or renders with rights of the page's origin.
    private static readonly HashSet<string> Inert = new(StringComparer.OrdinalIgnoreCase)
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "text/plain", "text/csv", "text/tab-separated-values", "text/markdown", "application/json", "application/x-ndjson",
        "application/yaml", "application/zip", "application/gzip", "application/vnd.apache.parquet", Unknown,
    };

    public static string Guess(string name) => Known.TryGetContentType(name, out var type) ? type : Unknown;

    /// <summary>The type to answer with: the given one when it is inert, text for other text, else just bytes.</summary>
    public static string Safe(string contentType)
    {
        var bare = contentType.Split(';')[0].Trim();
        return Inert.Contains(bare) ? bare
            : bare.StartsWith("text/", StringComparison.OrdinalIgnoreCase) && !bare.Equals("text/html", StringComparison.OrdinalIgnoreCase) && !bare.Contains("xml", StringComparison.OrdinalIgnoreCase) && !bare.Contains("script", StringComparison.OrdinalIgnoreCase)
                ? "text/plain"
                : Unknown;
    }
}
