using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>One file of 2 GB through the store, and back: what the process weighs at its peak.</summary>
internal static class LargeFileBenchmark
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var local = await rig.StartLocalAsync();
        var run = Store.CreateRuns(local.Url, "0", 1)[0];
        var bytes = (long)rig.Pick(2048, 128) * 1024 * 1024;
        var address = new Uri(local.Url, $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/large.bin");
        using var transfer = new Transfer();
        var up = await transfer.UploadAsync([address], bytes, toBlobs: false);
        var down = await transfer.DownloadAsync([address], bytes);
        return [Figure.AtMost("peak working set of 2 GB through the store and back", 300, local.PeakWorkingSet / 1024.0 / 1024.0, "MB", note: $"up {up:N0} MB/s, down {down:N0} MB/s")];
    }
}
