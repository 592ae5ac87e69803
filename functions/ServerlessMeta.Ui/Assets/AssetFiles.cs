using System.Collections.Frozen;
using System.IO.Compression;

namespace ServerlessMeta.Ui.Assets;

/// <summary>
/// What the browser loads: styles, modules, and the libraries they use, embedded and compressed when the project is built. The version stands in each address, so an address never changes its content, and
/// modules find each other side by side.
/// </summary>
internal static class AssetFiles
{
    private const string Prefix = "assets/";
    private const string Compressed = ".br";

    private static readonly FrozenSet<string> Names = typeof(AssetFiles).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Compressed, StringComparison.Ordinal))
        .Select(static name => name[Prefix.Length..^Compressed.Length]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A hash of all of them.</summary>
    public static string Version { get; } = ReadVersion();

    public static string Address(string name) => $"/assets/{Version}/{name}";

    /// <summary>The bytes as they are sent to whoever takes Brotli; null when there is no such file.</summary>
    public static Stream? Open(string name) => Names.Contains(name) ? typeof(AssetFiles).Assembly.GetManifestResourceStream($"{Prefix}{name}{Compressed}") : null;

    public static Stream Decompress(Stream compressed) => new BrotliStream(compressed, CompressionMode.Decompress);

    private static string ReadVersion()
    {
        using var reader = new StreamReader(typeof(AssetFiles).Assembly.GetManifestResourceStream($"{Prefix}version")!);
        return reader.ReadToEnd();
    }
}
