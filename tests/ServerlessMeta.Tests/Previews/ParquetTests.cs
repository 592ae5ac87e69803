using Parquet;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Tests.Previews;

public sealed class ParquetTests
{
    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Lz4Raw)]
    public async Task Columns_are_those_that_were_written(CompressionMethod method)
    {
        var table = (await Previewing.Of("a.parquet", await ParquetFile.Write(200, 2, method))).Table!;

        Assert.Equal(["id", "real", "name", "flag", "price", "day"], table.Columns.Select(static column => column.Name));
        Assert.Equal([ColumnType.Integer, ColumnType.Number, ColumnType.Text, ColumnType.Boolean, ColumnType.Number, ColumnType.Date], table.Columns.Select(static column => column.Type));
        Assert.Equal(["0", "0", "name 0", "false", "-498.7500", "2024-01-01"], table.Columns.Select(static column => column.Min));
        Assert.Equal(["399", "49.75", "name 6", "true", "0.0000", "2024-01-30"], table.Columns.Select(static column => column.Max));
        Assert.Equal([0, 0.25, 0, 0, 0, 0], table.Columns.Select(static column => column.NullShare!.Value));
        Assert.Equal([400, 300, 7, 2, 400, 30], table.Columns.Select(static column => column.Distinct!.Value));
        Assert.Equal(["3", null, "name 3", "false", "-3.7500", "2024-01-04"], table.FirstRows[3]);
        Assert.Equal((400, 400, true), (table.RowsRead, table.Rows, table.Complete));
        Assert.All(table.Columns, static column => Assert.Null(column.Note));
    }

    [Fact]
    public async Task Footer_tells_of_rows_that_are_not_read()
    {
        var file = new CountingStream(await ParquetFile.Write(60_000, 4, CompressionMethod.Snappy));

        var table = (await Previewing.Make("a.parquet", file)).Preview.Table!;

        Assert.Equal((PreviewLimits.ParquetRows, 240_000, false), (table.RowsRead, table.Rows, table.Complete));
        Assert.Equal(("0", "239999", true, 0.0), (table.Columns[0].Min, table.Columns[0].Max, table.Columns[0].OfAllRows, table.Columns[0].NullShare));
        Assert.Equal(0.25, table.Columns[1].NullShare);
        Assert.InRange(file.BytesRead, 1, file.Length / 2);
        Assert.All(file.Reads, static read => Assert.InRange(read, 4 * 1024, PreviewLimits.ParquetPageBytes));
    }

    [Fact]
    public async Task A_file_without_rows_is_a_table_of_its_columns()
    {
        var table = (await Previewing.Of("a.parquet", await ParquetFile.Write(0, 0, CompressionMethod.None))).Table!;

        Assert.Equal((6, 0, 0, true), (table.Columns.Length, table.Rows, table.FirstRows.Length, table.Complete));
    }

    [Fact]
    public async Task A_file_that_breaks_off_is_no_Parquet_file()
    {
        var bytes = await ParquetFile.Write(1000, 1, CompressionMethod.Snappy);

        Assert.Equal(PreviewKind.None, (await Previewing.Of("a.parquet", bytes[..(bytes.Length / 2)])).Kind);
        Assert.Equal(PreviewKind.None, (await Previewing.Of("a.parquet", [.. bytes, 0])).Kind);
    }

    [Fact]
    public async Task A_column_with_broken_pages_leaves_the_others_whole()
    {
        var bytes = await ParquetFile.Write(1000, 1, CompressionMethod.Gzip);
        bytes.AsSpan(4, 60).Fill(0xFF);

        var table = (await Previewing.Of("a.parquet", bytes)).Table!;

        Assert.NotNull(table.Columns[0].Note);
        Assert.All(table.Columns.Skip(1), static column => Assert.Null(column.Note));
        Assert.Equal([null, "0", "name 0"], table.FirstRows[0].Take(3));
        Assert.False(table.Complete);
    }

    [Fact]
    public void Thrift_that_nests_or_claims_too_much_is_broken()
    {
        var deep = Enumerable.Repeat((byte)0x1C, 100_000).ToArray();
        byte[] longList = [0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07];
        byte[] endless = [0x16, .. Enumerable.Repeat((byte)0xFF, 40)];

        Assert.All((byte[][])[deep, longList, endless, [0x18, 0xFF, 0xFF, 0x7F], [0x1F], []], static bytes => Assert.Throws<InvalidDataException>(() => ParquetPageHeader.Read(bytes)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_page_never_unpacks_to_more_than_it_declares(int codec)
    {
        var into = new byte[1000];
        var packed = Packed(codec, new byte[4 * 1024 * 1024]);

        var unpacked = Record.Exception(() => Assert.InRange(ParquetCodec.Unpack(codec, packed, into)!.Value, 0, 1000));

        Assert.True(unpacked is null or InvalidDataException, unpacked?.ToString());
    }

    [Fact]
    public void Numbers_packed_by_differences_are_read()
    {
        // A block of 128 in four small blocks; five numbers from 7, each the one before less 2, then plus 1 or 2.
        byte[] data = [0x80, 0x01, 0x04, 0x05, 0x0E, 0x03, 2, 0, 0, 0, 0b11_10_11_00, .. new byte[7], 0xAA];
        var at = 0;

        var numbers = DeltaReader.Read(data, ref at, 5);

        Assert.Equal([7, 5, 6, 6, 7], numbers);
        Assert.Equal(data.Length - 1, at);
    }

    [Fact]
    public async Task Bounds_that_the_footer_calls_inexact_are_not_shown()
    {
        var exact = (await Previewing.Of("a.parquet", HandMadeParquet.Described(10, static text => text.Put(3, 6, 0).Text(5, "zz"u8).Text(6, "aa"u8).Truth(7, true).Truth(8, true).End()))).Table!.Columns[0];
        var unsaid = (await Previewing.Of("a.parquet", HandMadeParquet.Described(10, static text => text.Put(3, 6, 0).Text(5, "zz"u8).Text(6, "aa"u8).End()))).Table!.Columns[0];
        var cut = (await Previewing.Of("a.parquet", HandMadeParquet.Described(10, static text => text.Put(3, 6, 0).Text(5, "zz"u8).Text(6, "aa"u8).Truth(7, false).Truth(8, true).End()))).Table!.Columns[0];
        var both = (await Previewing.Of("a.parquet", HandMadeParquet.Described(10, static text => text.Put(3, 6, 0).Text(5, "zz"u8).Text(6, "aa"u8).Truth(7, false).Truth(8, false).End()))).Table!.Columns[0];

        Assert.Equal(("aa", "zz"), (exact.Min, exact.Max));
        Assert.Equal(("aa", "zz"), (unsaid.Min, unsaid.Max));
        Assert.Equal([null, null, null, null], new[] { cut.Min, cut.Max, both.Min, both.Max });
    }

    [Theory]
    [InlineData(2_440_588 + 19_723, "2024-01-01T00:00:00")]
    [InlineData(int.MaxValue, "1853317202976000000000")]
    [InlineData(int.MinValue, "-1857534539904000000000")]
    public void A_day_that_is_no_date_is_its_number_of_ticks(int day, string text)
    {
        var leaf = new ParquetLeaf("at", ParquetType.Int96, 12, ParquetMeaning.Plain, 0, 1_000, 0, 0);
        var value = new byte[12];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(8), day);

        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(ParquetText.Of(leaf, value, new byte[ParquetText.ScratchBytes])));
    }

    private static byte[] Packed(int codec, byte[] bytes)
    {
        using var packed = new MemoryStream();
        switch (codec)
        {
            case 1:
                return Snappier.Snappy.CompressToArray(bytes);
            case 2:
                using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal))
                {
                    gzip.Write(bytes);
                }
                return packed.ToArray();
            case 4:
                using (var brotli = new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Optimal))
                {
                    brotli.Write(bytes);
                }
                return packed.ToArray();
            case 6:
                using (var zstandard = new ZstdSharp.Compressor())
                {
                    return zstandard.Wrap(bytes).ToArray();
                }
            case 7:
                var coded = new byte[K4os.Compression.LZ4.LZ4Codec.MaximumOutputSize(bytes.Length)];
                return coded[..K4os.Compression.LZ4.LZ4Codec.Encode(bytes, coded)];
            default:
                return bytes;
        }
    }
}
