using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>Ten thousand files of 4 KB in one folder: how fast, how many storage operations each, and how long their listing takes.</summary>
internal static partial class SmallFilesBenchmark
{
    private const int Connections = 8;
    private const int Bytes = 4096;
    private const int Turns = 10;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var local = await rig.StartLocalAsync();
        var run = Store.CreateRuns(local.Url, "0", 1)[0];
        var count = rig.Pick(10_000, 500);
        using var http = new HttpClient { BaseAddress = local.Url };
        long operations = 0;
        var storeRaw = await RawAsync(rig);
        var (ours, raw) = (TimeSpan.Zero, TimeSpan.Zero);
        // In turns, so that both meet storage equally full.
        foreach (var turn in Enumerable.Range(0, count).Chunk(count / Turns))
        {
            ours += await TimeAsync(turn, async (i, bytes, ct) =>
            {
                using var response = await http.PutAsync(new Uri($"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/frames/{i:d5}.bin", UriKind.Relative), new ByteArrayContent(bytes), ct);
                response.EnsureSuccessStatusCode();
                foreach (Match cost in Cost.Matches(response.Headers.GetValues("Server-Timing").Single()))
                {
                    Interlocked.Add(ref operations, int.Parse(cost.Groups["n"].ValueSpan, CultureInfo.InvariantCulture));
                }
            });
            raw += await TimeAsync(turn, storeRaw);
        }
        var took = new List<double>();
        for (var i = 0; i < rig.Pick(20, 3); i++)
        {
            var started = Stopwatch.GetTimestamp();
            var listing = await http.GetByteArrayAsync(new Uri($"/api/2.0/mlflow-artifacts/artifacts?path=0/{run}/artifacts/frames", UriKind.Relative));
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (listing.Length < count * 20)
            {
                throw new InvalidOperationException("The listing is not whole.");
            }
        }
        return
        [
            Figure.AtMost("storage operations a file of 4 KB", 3.01, (double)operations / count, "", note: "3, and what finds the folder marked at the start"),
            Figure.AtLeast($"{count:N0} files of 4 KB, {Connections} connections: share of three raw calls", 0.6, raw / ours, "", note: $"{count / ours.TotalSeconds:N0} files/s, raw {count / raw.TotalSeconds:N0}"),
            Figure.AtMost($"listing {count:N0} files p50", 500, Rounds.Median(took), "ms"),
        ];
    }

    private static async Task<TimeSpan> TimeAsync(int[] files, Func<int, byte[], CancellationToken, Task> store)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, ct) =>
        {
            var bytes = new byte[Bytes];
            new Random(i).NextBytes(bytes);
            await store(i, bytes, ct);
        });
        return Stopwatch.GetElapsedTime(started);
    }

    // What a file is in storage, by the bare SDK: a blob, a claim in one of 256 partitions of a table, a row in one partition of another.
    private static async Task<Func<int, byte[], CancellationToken, Task>> RawAsync(Rig rig)
    {
        var blobs = new BlobContainerClient(rig.Storage, "raw");
        var (claims, files) = (new TableClient(rig.Storage, "rawclaims"), new TableClient(rig.Storage, "rawfiles"));
        await Task.WhenAll(blobs.CreateIfNotExistsAsync(), claims.CreateIfNotExistsAsync(), files.CreateIfNotExistsAsync());
        return async (_, bytes, ct) =>
        {
            var name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
            await blobs.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, ct);
            await claims.AddEntityAsync(Row(name[..2], name), ct);
            await files.AddEntityAsync(Row("files", name), ct);
        };

        static TableEntity Row(string partition, string name) => new(partition, name) { ["blob"] = name, ["size"] = (long)Bytes, ["md5"] = name[..32], ["sha"] = name };
    }

    [GeneratedRegex("desc=\"(?<n>[0-9]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cost { get; }
}
