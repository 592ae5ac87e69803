namespace ServerlessMeta.Reproduction;

/// <summary>A file of an archive; its bytes are opened when it is their turn.</summary>
/// <param name="Path">Names joined by '/'.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Open">A stream of exactly so many bytes, each time anew.</param>
internal sealed record ZipEntry(string Path, long Size, Func<Stream> Open)
{
    public static ZipEntry Of(string path, byte[] bytes) => new(path, bytes.Length, () => new MemoryStream(bytes, writable: false));
}
