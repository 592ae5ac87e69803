namespace ServerlessMeta.Local;

/// <summary>The folder of Azurite's files, held by one Local at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string TableFile = "__azurite_db_table__.json";
    private readonly FileStream held;

    private DataFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    /// <summary>What Azurite rewrites whole every few seconds, in bytes.</summary>
    public long TableBytes => new FileInfo(System.IO.Path.Combine(Path, TableFile)) is { Exists: true } file ? file.Length : 0;

    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new DataFolder(path, new FileStream(System.IO.Path.Combine(path, "serverlessmeta.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new StartupException($"Another ServerlessMeta.Local keeps its data in {path}; give another folder with --data.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartupException($"{path} cannot be written; give another folder with --data.");
        }
    }

    public void Dispose() => held.Dispose();
}
