using System.Diagnostics;
using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;
using ServerlessMeta.Testing;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>The first preview of a CSV and of a Parquet file of 100 MB: made when asked for, then kept.</summary>
internal static class PreviewBenchmark
{
    private const int Columns = 4;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var local = await rig.StartLocalAsync();
        var run = Store.CreateRuns(local.Url, "0", 1)[0];
        var megabytes = rig.Pick(100, 10);
        var csv = new List<double>();
        var parquet = new List<double>();
        // The first of each warms the code up.
        for (var round = 0; round <= rig.Pick(3, 1); round++)
        {
            csv.Add(await TimeAsync(local, run, $"t{round}.csv", Csv(round, megabytes)));
            parquet.Add(await TimeAsync(local, run, $"t{round}.parquet", await ParquetAsync(round, megabytes)));
        }
        return
        [
            Figure.AtMost($"first preview of a CSV of {megabytes} MB", 5000, Rounds.Median(csv.Skip(1)), "ms", note: "of its first 64 MiB"),
            Figure.AtMost($"first preview of a Parquet file of {megabytes} MB", 5000, Rounds.Median(parquet.Skip(1)), "ms", note: "of its first 10,000 rows, and what its footer says"),
            Figure.AtMost("peak working set after them", 300, local.PeakWorkingSet / 1024.0 / 1024.0, "MB"),
        ];
    }

    private static async Task<double> TimeAsync(LocalProcess local, string run, string name, byte[] bytes)
    {
        using var http = new HttpClient { BaseAddress = local.Url, Timeout = TimeSpan.FromMinutes(5) };
        using var stored = await http.PutAsync(new Uri($"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{name}", UriKind.Relative), new ByteArrayContent(bytes));
        stored.EnsureSuccessStatusCode();
        var started = Stopwatch.GetTimestamp();
        var preview = await http.GetStringAsync(new Uri($"/api/v1/runs/{run}/preview?path={name}", UriKind.Relative));
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return preview.Contains("\"kind\":\"table\"", StringComparison.Ordinal) ? took : throw new InvalidOperationException(preview);
    }

    private static byte[] Csv(int seed, int megabytes)
    {
        var random = new Random(seed);
        var text = new StringBuilder("id,reading,label,day\n");
        for (var row = 0; text.Length < megabytes * 1024 * 1024; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row},{random.NextDouble()},label {row % 17},2026-01-{1 + (row % 28):d2}\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static async Task<byte[]> ParquetAsync(int seed, int megabytes)
    {
        const int Rows = 500_000;
        var random = new Random(seed);
        var fields = Enumerable.Range(0, Columns).Select(static column => new DataField<double>(string.Create(CultureInfo.InvariantCulture, $"c{column}"))).ToArray();
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file))
        {
            while (file.Length < megabytes * 1024L * 1024)
            {
                using var part = writer.CreateRowGroup();
                foreach (var field in fields)
                {
                    await part.WriteAsync<double>(field, Enumerable.Range(0, Rows).Select(_ => random.NextDouble()).ToArray());
                }
            }
        }
        return file.ToArray();
    }
}
