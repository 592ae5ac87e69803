using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>A gigabyte up and down, by one connection and by eight, beside one Put Blob and Get Blob of as many bytes.</summary>
internal static class TransferBenchmark
{
    private const string Files = "/api/2.0/mlflow-artifacts/artifacts/";

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var local = await rig.StartLocalAsync();
        var run = Store.CreateRuns(local.Url, "0", 1)[0];
        using var transfer = new Transfer();
        var figures = new List<Figure>();
        foreach (var connections in (int[])[1, 8])
        {
            var each = (long)rig.Pick(1024, 64) * 1024 * 1024 / connections;
            var (up, down, rawUp, rawDown) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round <= rig.Pick(3, 1); round++)
            {
                var ours = Enumerable.Range(0, connections).Select(i => new Uri(local.Url, $"{Files}0/{run}/artifacts/f{connections}-{i}")).ToList();
                var raw = Enumerable.Range(0, connections).Select(i => Transfer.RawAddress(rig.Storage, $"f{connections}-{i}")).ToList();
                rawUp.Add(await transfer.UploadAsync(raw, each, toBlobs: true));
                up.Add(await transfer.UploadAsync(ours, each, toBlobs: false));
                rawDown.Add(await transfer.DownloadAsync(raw, each));
                down.Add(await transfer.DownloadAsync(ours, each));
            }
            var (upload, bareUpload) = (Rounds.Median(up.Skip(1)), Rounds.Median(rawUp.Skip(1)));
            var (download, bareDownload) = (Rounds.Median(down.Skip(1)), Rounds.Median(rawDown.Skip(1)));
            figures.Add(Figure.AtLeast($"upload of 1 GB, {connections} connections: share of a raw Put Blob", 0.7, upload / bareUpload, "", note: $"{upload:N0} MB/s, raw {bareUpload:N0}"));
            figures.Add(Figure.AtLeast($"download of 1 GB, {connections} connections: share of a raw Get Blob", 0.7, download / bareDownload, "", note: $"{download:N0} MB/s, raw {bareDownload:N0}"));
        }
        figures.Add(Figure.AtMost("peak working set after it", 300, local.PeakWorkingSet / 1024.0 / 1024.0, "MB"));
        return figures;
    }
}
