using ServerlessMeta.Benchmarks.Wire;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>A gigabyte up and down, by one connection and by eight, beside raw blocks, Put Blob and Get Blob of as many bytes.</summary>
internal static class TransferBenchmark
{
    private const string Files = "/api/2.0/mlflow-artifacts/artifacts/";

    // Each in an Azurite of its own: it keeps what is replaced for a while, and has 12 GB at most here.
    public static Task<IReadOnlyList<Figure>> RunOneAsync(Rig rig) => RunAsync(rig, 1);

    public static Task<IReadOnlyList<Figure>> RunEightAsync(Rig rig) => RunAsync(rig, 8);

    private static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig, int connections)
    {
        var local = await rig.StartLocalAsync();
        var run = Store.CreateRuns(local.Url, "0", 1)[0];
        using var transfer = new Transfer();
        var each = (long)rig.Pick(1024, 64) * 1024 * 1024 / connections;
        var (up, down, rawUp, rawDown, wholeUp, wholeDown) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round <= rig.Pick(2, 1); round++)
        {
            var ours = Enumerable.Range(0, connections).Select(i => new Uri(local.Url, $"{Files}0/{run}/artifacts/f{i}")).ToList();
            var raw = Enumerable.Range(0, connections).Select(i => Transfer.RawAddress(rig.Storage, $"f{i}")).ToList();
            wholeUp.Add(await transfer.UploadAsync(raw, each, toBlobs: true));
            wholeDown.Add(await transfer.DownloadAsync(raw, each));
            rawUp.Add(await transfer.UploadBlocksAsync(raw, each));
            up.Add(await transfer.UploadAsync(ours, each, toBlobs: false));
            rawDown.Add(await transfer.DownloadAsync(raw, each));
            down.Add(await transfer.DownloadAsync(ours, each));
        }
        // The first round warms both up.
        var (upload, bareUpload) = (Rounds.Median(up.Skip(1)), Rounds.Median(rawUp.Skip(1)));
        var (download, bareDownload) = (Rounds.Median(down.Skip(1)), Rounds.Median(rawDown.Skip(1)));
        return
        [
            Figure.AtLeast($"upload of 1 GB, {connections} connections: share of raw blocks", 0.7, upload / bareUpload, "", note: $"{upload:N0} MB/s, raw {bareUpload:N0}, as one Put Blob {Rounds.Median(wholeUp.Skip(1)):N0}"),
            Figure.AtLeast($"download of 1 GB, {connections} connections: share of a raw Get Blob of as many blocks", 0.7, download / bareDownload, "", note: $"{download:N0} MB/s, raw {bareDownload:N0}, of a blob put at once {Rounds.Median(wholeDown.Skip(1)):N0}"),
            Figure.AtMost($"peak working set after it, {connections} connections", 300, local.PeakWorkingSet / 1024.0 / 1024.0, "MB"),
        ];
    }
}
