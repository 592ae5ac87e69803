using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Tests.Previews;

/// <summary>Parquet pages of a few bytes that claim a great deal.</summary>
public sealed class HostileParquetTests
{
    private const long Mebi = 1024 * 1024;
    private const int Rows = 10, Most = PreviewLimits.ParquetPageValues;
    private const int DeltaPacked = 5, DeltaLength = 6, DeltaBytes = 7, RunLength = 3, Indexes = 8;

    /// <summary>Two lists of a page's values, which grew by doubling, and their bytes.</summary>
    private const long AllocatedBytes = 64 * Mebi;

    public static TheoryData<string, byte, int, int> Claims
    {
        get
        {
            var data = new TheoryData<string, byte, int, int>();
            foreach (var values in (int[])[Most, Most + 1, 100_000_000, int.MaxValue])
            {
                data.Add("repeated truth values", HandMadeParquet.Boolean, RunLength, values);
                data.Add("repeated indexes", HandMadeParquet.Int32, Indexes, values);
                data.Add("differences", HandMadeParquet.Int32, DeltaPacked, values);
                data.Add("lengths by differences", HandMadeParquet.Bytes, DeltaLength, values);
                data.Add("beginnings by differences", HandMadeParquet.Bytes, DeltaBytes, values);
                data.Add("nulls", HandMadeParquet.Int32, 0, values);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task A_list_page_costs_no_more_than_its_bytes_and_the_limit(string what, byte type, int encoding, int values)
    {
        var file = HandMadeParquet.Lists(type, Rows, encoding, values, Page(what, encoding, values));

        var (column, allocated) = await Read(file, new FakeTimeProvider());

        Assert.InRange(file.Length, 1, 400);
        Assert.InRange(allocated, 0, AllocatedBytes);
        Assert.Equal(values > Most, column.Note?.Contains("1,000,000 values", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task A_list_of_as_many_values_as_a_page_may_have_is_read()
    {
        var file = HandMadeParquet.Lists(HandMadeParquet.Boolean, 1, RunLength, Most, Page("repeated truth values", RunLength, Most));

        var (column, _) = await Read(file, new FakeTimeProvider());

        Assert.StartsWith("[true, true, ", column.Min, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nulls", HandMadeParquet.Int32, 0)]
    [InlineData("repeated truth values", HandMadeParquet.Boolean, RunLength)]
    public async Task Time_ends_within_a_page(string what, byte type, int encoding)
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = PreviewLimits.Time / 100 };
        var file = HandMadeParquet.Lists(type, Rows, encoding, Most, Page(what, encoding, Most));

        var (column, _) = await Read(file, time);

        Assert.Contains("seconds", column.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_pages_of_many_values_end_with_their_time()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = PreviewLimits.Time / 1_000 };
        var file = HandMadeParquet.Lists(HandMadeParquet.Boolean, Rows, RunLength, Most, Page("repeated truth values", RunLength, Most), pages: 900);

        var (column, allocated) = await Read(file, time);

        Assert.Contains("seconds", column.Note, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, AllocatedBytes);
    }

    [Fact]
    public void Differences_are_decoded_only_as_far_as_their_bytes_go()
    {
        byte[] data = [.. HandMadeParquet.Varint(128), 1, .. HandMadeParquet.Varint(int.MaxValue), 0];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() =>
        {
            var at = 0;
            DeltaReader.Read(data, ref at, int.MaxValue);
        });

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Mebi);
    }

    /// <summary>All of one row, whose values are all there, or all missing.</summary>
    private static byte[] Page(string what, int encoding, int values)
    {
        byte[] levels = [.. HandMadeParquet.FirstAndOthers(values), .. HandMadeParquet.Repeat(values, (byte)(what == "nulls" ? 0 : 1), isLevels: true)];
        return encoding switch
        {
            RunLength => [.. levels, .. HandMadeParquet.Repeat(values, 1, isLevels: true)],
            Indexes => [.. levels, 1, .. HandMadeParquet.Repeat(values, 0, isLevels: false)],
            // Blocks of a million numbers without a bit for any of them.
            DeltaPacked or DeltaLength => [.. levels, .. Differences(values)],
            DeltaBytes => [.. levels, .. Differences(values), .. Differences(values)],
            _ => levels,
        };
    }

    private static byte[] Differences(int values) => [.. HandMadeParquet.Varint(1 << 20), 1, .. HandMadeParquet.Varint((ulong)values), 0, 0, 0];

    private static async Task<(ColumnPreview Column, long Allocated)> Read(byte[] bytes, TimeProvider time)
    {
        var file = new MemoryStream(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = await new PreviewMaker(time).MakeAsync("a.parquet", bytes.Length, file, TestContext.Current.CancellationToken);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Previewing.Check(result);
        return (result.Preview.Table!.Columns[0], allocated);
    }
}
