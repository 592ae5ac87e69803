using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Tests.Previews;

namespace ServerlessMeta.Tests.Monitoring.Profiles;

public sealed class ParquetRowsTests
{
    private const string Type = "application/vnd.apache.parquet";

    [Theory]
    [InlineData(CompressionMethod.None, 10, 1)]
    [InlineData(CompressionMethod.Snappy, 3_000, 3)]
    [InlineData(CompressionMethod.Gzip, 5_000, 1)]
    [InlineData(CompressionMethod.Zstd, 2_048, 2)]
    public async Task Parquet_has_the_profile_of_the_same_rows_in_csv(CompressionMethod method, int rows, int groups)
    {
        var file = await ParquetFile.Write(rows, groups, method);
        var csv = Rows.Csv(["id", "real", "name", "flag", "price", "day"], Enumerable.Range(0, rows * groups).Select(static number => new string?[]
        {
            Rows.Text(number), number % 4 == 3 ? "" : Rows.Text(number / 8.0), $"name {number % 7}", number % 2 == 0 ? "true" : "false", (number * -1.25m).ToString(CultureInfo.InvariantCulture),
            new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(number % 30).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        }));
        var expected = await Rows.CsvAsync(csv);
        var options = new RowIngestOptions { Baseline = expected.Profile, SampleRows = 20, Seed = 3 };

        var read = await Rows.ReadAsync(file, Type);

        Rows.Same(expected.Profile, read.Profile);
        Rows.Same((await Rows.CsvAsync(csv, options)).Profile, (await Rows.ReadAsync(file, Type, options)).Profile);
    }

    [Fact]
    public async Task Predictions_of_parquet_are_taken_once_each()
    {
        var schema = new RowIngestOptions { Schema = new PredictionSchema(ModelTask.Binary, "id", "at", "answer", "score", null, null) };
        var start = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
        // The third row and the last repeat the first.
        int[] numbers = [1, 2, 1, 3, .. Enumerable.Range(4, 3_000), 1];

        var read = await Rows.ReadAsync(await PredictionsAsync(numbers, start), Type, schema);

        Assert.Equal(3_003, read.Rows);
        Assert.Equal(numbers.Distinct().Select(static number => $"{number:d4}"), read.Predictions.Select(static prediction => prediction.Id));
        Assert.Equal(new JoinedPrediction("0002", new DateTimeOffset(start.AddSeconds(2)), "0", 0.02, null, null), read.Predictions[1]);
        Assert.Equal((3_003, 3_003), (read.Profile.Column("x").Count, read.Profile.Column("x").Bins!.Total));
        Assert.Equal(numbers.Distinct().Average(static number => number / 2.0), read.Profile.Column("x").Moments.Mean, 1e-9);
    }

    [Fact]
    public async Task Faults_are_named_by_rows_and_columns()
    {
        var schema = new RowIngestOptions { Schema = new PredictionSchema(ModelTask.Binary, "id", "when", "answer", null, null, null) };

        var faults = await Rows.FaultsAsync(await PredictionsAsync([1, 2], DateTime.UnixEpoch), Type, schema);

        Assert.Equal(("columns", "There is no column 'when', which has the times."), Assert.Single(faults));
    }

    [Fact]
    public async Task Lists_are_one_category()
    {
        var file = HandMadeParquet.Lists(HandMadeParquet.Boolean, 1, 3, 4, [.. HandMadeParquet.FirstAndOthers(4), .. HandMadeParquet.Repeat(4, 1, isLevels: true), .. HandMadeParquet.Repeat(4, 1, isLevels: true)]);

        Assert.Equal([new("[...]", 1)], (await Rows.ReadAsync(file, Type)).Profile.Column("a").Categories!.Counts);
    }

    [Fact]
    public async Task Rows_go_on_over_pages()
    {
        byte[] page = [.. HandMadeParquet.FirstAndOthers(4), .. HandMadeParquet.Repeat(4, 1, isLevels: true), .. HandMadeParquet.Repeat(4, 1, isLevels: true)];
        var nulls = HandMadeParquet.Lists(HandMadeParquet.Boolean, 3_000, 3, 3, [.. HandMadeParquet.Repeat(3, 0, isLevels: true), .. HandMadeParquet.Repeat(3, 0, isLevels: true), .. HandMadeParquet.Repeat(0, 1, isLevels: true)], pages: 1_000);

        Assert.Equal([new("[...]", 2_500)], (await Rows.ReadAsync(HandMadeParquet.Lists(HandMadeParquet.Boolean, 2_500, 3, 4, page, pages: 2_500), Type)).Profile.Column("a").Categories!.Counts);
        Assert.Equal((3_000, 3_000), ((await Rows.ReadAsync(nulls, Type)).Profile.Column("a").Count, (await Rows.ReadAsync(nulls, Type)).Profile.Column("a").Missing));
        Assert.Contains("fewer values", Assert.Single(await Rows.FaultsAsync(HandMadeParquet.Lists(HandMadeParquet.Boolean, 2_501, 3, 4, page, pages: 2_500), Type)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000_000)]
    [InlineData(int.MaxValue)]
    [InlineData(3_999_999)]
    public async Task A_page_that_claims_much_takes_little(int values)
    {
        var file = HandMadeParquet.Lists(HandMadeParquet.Int32, int.MaxValue, 0, values, [4, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0x7F, 4, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0x7F]);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        Assert.NotEmpty(await Rows.FaultsAsync(file, Type));

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64L * 1024 * 1024);
    }

    [Fact]
    public async Task Broken_files_are_refused_or_read_but_never_a_crash()
    {
        var file = await ParquetFile.Write(300, 2, CompressionMethod.Snappy);
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var changed = file.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                changed[random.Next(4, changed.Length - 8)] = (byte)random.Next(256);
            }
            var faults = new RowFaults();

            var read = await RowIngest.ReadAsync(new MemoryStream(changed), Type, new(), faults, TestContext.Current.CancellationToken);

            Assert.NotEqual(read is null, !faults.Any);
        }
        Assert.NotEmpty(await Rows.FaultsAsync(file[..^9], Type));
        Assert.NotEmpty(await Rows.FaultsAsync(Encoding.UTF8.GetBytes("a,b\n1,2\n"), Type));
    }

    private static async Task<byte[]> PredictionsAsync(int[] numbers, DateTime start)
    {
        var ct = TestContext.Current.CancellationToken;
        var (id, at, answer, score, x) = (new DataField("id", typeof(string)), new DateTimeDataField("at", DateTimeFormat.DateAndTime), new DataField<int>("answer"), new DataField<double>("score"), new DataField<double>("x"));
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, at, answer, score, x), file, cancellationToken: ct))
        {
            using var part = writer.CreateRowGroup();
            await part.WriteAsync(id, numbers.Select(static number => $"{number:d4}").ToArray());
            await part.WriteAsync<DateTime>(at, numbers.Select(number => start.AddSeconds(number)).ToArray(), cancellationToken: ct);
            await part.WriteAsync<int>(answer, numbers.Select(static number => number % 2).ToArray(), cancellationToken: ct);
            await part.WriteAsync<double>(score, numbers.Select(static number => number / 100.0).ToArray(), cancellationToken: ct);
            await part.WriteAsync<double>(x, numbers.Select(static number => number / 2.0).ToArray(), cancellationToken: ct);
        }
        return file.ToArray();
    }
}
