using System.Globalization;
using System.Text;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>Rows made into profiles, by the second of processor time: as a baseline (exact quantiles), as a window on its edges, and as a window in CSV; the bytes of a column as stored. No storage.</summary>
internal static class ProfileBenchmark
{
    private const int Columns = 20;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Rig rig)
    {
        var rows = rig.Pick(1_000_000, 20_000);
        var values = Values(rows);
        DataProfile baseline = Build(values, null), window = baseline;
        var made = Median(rig, () => Task.FromResult(baseline = Build(values, null)));
        var counted = Median(rig, () => Task.FromResult(window = Build(values, baseline)));
        var (some, csv) = Csv(values, Math.Min(rows, 200_000));
        var read = Median(rig, async () => await RowIngest.ReadAsync(new MemoryStream(csv), "text/csv", new RowIngestOptions { Baseline = baseline }, CancellationToken.None));
        var size = string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows x {Columns} columns");
        return
        [
            Figure.AtLeast($"profile of {size}: a baseline, with exact quantiles", 1_000_000, rows / await made, "rows/s CPU"),
            Figure.AtLeast($"profile of {size}: a window, on its baseline's edges", 1_000_000, rows / await counted, "rows/s CPU"),
            Figure.AtLeast($"profile of CSV rows x {Columns} columns, {csv.Length >> 20} MiB", 200_000, some / await read, "rows/s CPU", note: "a window on its baseline's edges"),
            Figure.AtMost("bytes of a numeric column of 64 bins as stored", 6_000, (double)ProfileCodec.Write(window with { CoMoments = null }).Length / Columns, "bytes", note: "with edges, counts, moments and registers of distinct values"),
            Figure.AtMost($"bytes of the whole profile, {Columns} columns and their co-moments", 6_000 * Columns, ProfileCodec.Write(window).Length, "bytes"),
        ];
    }

    /// <summary>Seconds of processor time.</summary>
    private static async Task<double> Median(Rig rig, Func<Task> work)
    {
        // The first warms the code up.
        await work();
        var rounds = new List<double>();
        for (var round = 0; round < rig.Pick(5, 1); round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            await work();
            rounds.Add((Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        return Rounds.Median(rounds);
    }

    private static DataProfile Build(double[][] values, DataProfile? baseline)
    {
        var table = new RowTable(new RowIngestOptions { Baseline = baseline }, new RowFaults());
        var columns = values.Select((_, at) => table.Columns[table.Place($"c{at}")!.Value]).ToArray();
        for (var row = 0; row < values[0].Length; row += RowTable.BatchRows)
        {
            var some = Math.Min(RowTable.BatchRows, values[0].Length - row);
            for (var column = 0; column < columns.Length; column++)
            {
                values[column].AsSpan(row, some).CopyTo(columns[column].Numbers);
            }
            table.EndRows(some);
        }
        return table.Build().Profile;
    }

    /// <summary>Columns of four kinds: even, normal, growing by orders of magnitude, and of two decimals.</summary>
    private static double[][] Values(int rows)
    {
        var random = new Random(1);
        return
        [
            .. Enumerable.Range(0, Columns).Select(column => Enumerable.Range(0, rows).Select(_ => (column % 4) switch
            {
                0 => random.NextDouble(),
                1 => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()),
                2 => Math.Exp(10 * random.NextDouble()),
                _ => Math.Round(1_000 * random.NextDouble(), 2),
            }).ToArray()),
        ];
    }

    private static (int Rows, byte[] Bytes) Csv(double[][] values, int rows)
    {
        var text = new StringBuilder().AppendJoin(',', Enumerable.Range(0, Columns).Select(static column => $"c{column}")).Append('\n');
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{values[column][row]:0.####}").Append(column == Columns - 1 ? '\n' : ',');
            }
        }
        return (rows, Encoding.UTF8.GetBytes(text.ToString()));
    }
}
