using System.Diagnostics;
using System.Globalization;

namespace ServerlessMeta.Local;

/// <summary>The folder of Azurite's files, held by one Local at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string TableFile = "__azurite_db_table__.json";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);
    private readonly FileStream held;

    private DataFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    private string AzuriteFile => System.IO.Path.Combine(Path, "azurite.pid");

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

    /// <summary>When this program was killed, its Azurite still writes its files for a moment: two must not share them.</summary>
    public async Task WaitForFormerAzuriteAsync(TimeProvider time)
    {
        while (IsInUse(time.GetUtcNow()))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time);
        }
    }

    public void Dispose() => held.Dispose();

    // Azurite writes its process id there every other second, and takes the file away when all is written.
    private bool IsInUse(DateTimeOffset now)
    {
        try
        {
            var file = new FileInfo(AzuriteFile);
            if (!file.Exists || now.UtcDateTime - file.LastWriteTimeUtc > Fresh || !int.TryParse(File.ReadAllText(AzuriteFile), NumberStyles.None, CultureInfo.InvariantCulture, out var former))
            {
                return false;
            }
            using var process = Process.GetProcessById(former);
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or IOException)
        {
            return false;
        }
    }
}
