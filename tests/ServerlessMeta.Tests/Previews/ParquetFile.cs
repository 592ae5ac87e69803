using Parquet;
using Parquet.Schema;

namespace ServerlessMeta.Tests.Previews;

/// <summary>Parquet files as the package writes them.</summary>
internal static class ParquetFile
{
    public static async Task<byte[]> Write(int rows, int groups, CompressionMethod method)
    {
        var id = new DataField<long>("id");
        var real = new DataField<double?>("real");
        var name = new DataField("name", typeof(string));
        var flag = new DataField<bool>("flag");
        var price = new DecimalDataField("price", 18, 4);
        var day = new DateTimeDataField("day", DateTimeFormat.Date);
        var ct = TestContext.Current.CancellationToken;
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, real, name, flag, price, day), file, new ParquetOptions { CompressionMethod = method }, cancellationToken: ct))
        {
            for (var group = 0; group < groups; group++)
            {
                var numbers = Enumerable.Range(group * rows, rows).ToArray();
                using var part = writer.CreateRowGroup();
                await part.WriteAsync<long>(id, numbers.Select(static number => (long)number).ToArray(), cancellationToken: ct);
                await part.WriteAsync<double>(real, numbers.Select(static number => number % 4 == 3 ? null : (double?)number / 8).ToArray(), cancellationToken: ct);
                await part.WriteAsync(name, numbers.Select(static number => $"name {number % 7}").ToArray());
                await part.WriteAsync<bool>(flag, numbers.Select(static number => number % 2 == 0).ToArray(), cancellationToken: ct);
                await part.WriteAsync<decimal>(price, numbers.Select(static number => number * -1.25m).ToArray(), cancellationToken: ct);
                await part.WriteAsync<DateTime>(day, numbers.Select(static number => new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(number % 30)).ToArray(), cancellationToken: ct);
            }
        }
        return file.ToArray();
    }
}
