using System.Diagnostics;
using System.Globalization;

namespace ServerlessMeta.Local;

/// <summary>The folder of Azurite's files, held by one Local at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string TableFile = "__azurite_db_table__.json";
    private static readonly TimeSpan FormerEndsWithin = TimeSpan.FromSeconds(30);
    private readonly FileStream held;

    private DataFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    private string AzuriteFile => System.IO.Path.Combine(Path, "serverlessmeta.azurite");

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

    public void NoteAzurite(int processId)
    {
        using var azurite = Process.GetProcessById(processId);
        File.WriteAllText(AzuriteFile, string.Create(CultureInfo.InvariantCulture, $"{processId} {azurite.StartTime.ToUniversalTime().Ticks}"));
    }

    /// <summary>When this program was killed, its Azurite still writes its files for a moment: two must not share them.</summary>
    public async Task WaitForFormerAzuriteAsync()
    {
        if (!File.Exists(AzuriteFile) || await File.ReadAllTextAsync(AzuriteFile) is not { } noted || noted.Split(' ') is not [var id, var started])
        {
            return;
        }
        try
        {
            using var former = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
            if (former.StartTime.ToUniversalTime().Ticks == long.Parse(started, CultureInfo.InvariantCulture))
            {
                using var patience = new CancellationTokenSource(FormerEndsWithin);
                await former.WaitForExitAsync(patience.Token);
            }
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or FormatException)
        {
            // It has ended.
        }
        catch (OperationCanceledException)
        {
            throw new StartupException($"A former Azurite (process {id}) still writes in {Path}; end it, or give another folder with --data.");
        }
    }

    public void Dispose() => held.Dispose();
}
