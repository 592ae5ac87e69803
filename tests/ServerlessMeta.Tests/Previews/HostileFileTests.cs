using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Parquet;
using ServerlessMeta.Previews;
using SkiaSharp;

namespace ServerlessMeta.Tests.Previews;

/// <summary>No file makes a preview throw, or read, hold or take more than is stated.</summary>
public sealed class HostileFileTests
{
    private const long Mebi = 1024 * 1024;

    /// <summary>What is allocated in all, most of it short-lived; a reader that follows the file would need gigabytes.</summary>
    private const long AllocatedBytes = 160 * Mebi;

    /// <summary>A JSON document for each record, gone with it.</summary>
    private const long AllocatedPerRow = 160;

    private static readonly string[] Names =
        ["a.csv", "a.tsv", "a.parquet", "a.json", "a.jsonl", "a.png", "a.jpg", "a.gif", "a.webp", "a.bmp", "a.md", "MLmodel", "a.yaml", "a.py", "a.svg"];

    public static TheoryData<string, string, string> Bombs => new()
    {
        { "100,000 columns", "a.csv", string.Join(',', Enumerable.Range(0, 100_000)) + "\n" + new string(',', 99_999) + "\n" },
        { "100,000 columns in each of many rows", "a.csv", string.Concat(Enumerable.Repeat(new string(',', 99_999) + "\n", 100)) },
        { "100,000 names in a record", "a.jsonl", "{" + string.Join(',', Enumerable.Range(0, 100_000).Select(static i => $"\"{i}\":{i}")) + "}" },
        { "other names in each record", "a.jsonl", string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"{{\"{i}\":1}}\n")) },
        { "long names", "a.jsonl", string.Concat(Enumerable.Range(0, 50).Select(static i => $"{{\"{new string('n', 500_000)}{i}\":1}}\n")) },
        { "one name many times", "a.json", "[{" + string.Join(',', Enumerable.Repeat("\"a\":1", 100_000)) + "}]" },
        { "depth", "a.json", new string('[', 1_000_000) },
        { "depth in records", "a.jsonl", string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) },
        { "a list of a million zeros", "a.json", "[" + string.Join(',', Enumerable.Repeat("0", 1_000_000)) + "]" },
        { "a square of a thousand", "a.json", "[" + string.Join(',', Enumerable.Repeat("[" + string.Join(',', Enumerable.Repeat("1", 1_000)) + "]", 1_000)) + "]" },
        { "a number of many digits", "a.json", "[[1" + new string('0', 400) + ",1],[1,1e999]]" },
        { "bare words", "a.json", "[" + string.Join(',', Enumerable.Repeat("NaN", 500_000)) + "]" },
        { "flow depth", "MLmodel", new string('[', 200_000) },
        { "block depth", "MLmodel", string.Concat(Enumerable.Range(0, 600).Select(static i => new string(' ', i) + "a:\n")) },
        { "dashes", "MLmodel", string.Concat(Enumerable.Repeat("- ", 100_000)) },
        { "anchors", "MLmodel", string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"a{i}: &x{i} *x{i - 1}\n")) },
        { "a self-reference", "MLmodel", "&a [*a, *a]" },
        { "question marks", "MLmodel", string.Concat(Enumerable.Repeat("? ", 100_000)) },
        { "NUL bytes", "a.csv", "a,b\n\0,\0\n" },
        { "NUL bytes behind the beginning", "a.csv", "a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", 50_000)) + "\0,\0\n" },
        { "half characters", "a.csv", "a\n\ufffe\uffff\ufdd0\u202e\n" },
        { "only a mark", "a.csv", "\ufeff" },
        { "a table named as a picture", "a.png", "a,b\n1,2\n" },
        { "a picture named as a table", "a.csv", "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR" },
    };

    public static TheoryData<Exception> Circumstances =>
        [new InsufficientMemoryException(), new PixelMemoryException(), new DllNotFoundException(), new TypeInitializationException("SkiaSharp", new DllNotFoundException())];

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task A_bomb_costs_little(string what, string name, string text)
    {
        var result = await Bounded(name, new CountingStream(Encoding.UTF8.GetBytes(text)), new FakeTimeProvider());

        Assert.True(result.Preview.Kind is not PreviewKind.None || result.Preview.Reason is { Length: > 10 }, what);
    }

    [Fact]
    public async Task All_columns_are_counted_though_not_all_are_shown()
    {
        var table = (await Previewing.OfText("a.csv", string.Join(',', Enumerable.Range(0, 100_000)) + "\n" + string.Join(',', Enumerable.Range(0, 100_000)))).Table!;

        Assert.Equal((PreviewLimits.Columns, 100_000, "999"), (table.Columns.Length, table.ColumnCount, table.FirstRows[0][^1]));
    }

    [Fact]
    public async Task A_record_that_is_too_long_ends_a_table_that_began_well()
    {
        var head = Encoding.ASCII.GetBytes("a,b\n1,2\n\"");
        var file = new CountingStream(1L << 30, position => position < head.Length ? head[position] : (byte)'x');

        var table = (await Bounded("a.csv", file, new FakeTimeProvider())).Preview.Table!;

        Assert.Equal((1, null, false), (table.RowsRead, table.Rows, table.Complete));
        Assert.Contains("record", table.Limit, StringComparison.Ordinal);
        Assert.InRange(file.BytesRead, 1, 4 * PreviewLimits.RecordBytes);
    }

    [Fact]
    public Task No_bytes_throw_whatever_their_name() => Gen.Select(Gen.OneOf(Names), Gen.Byte.Array[0, 400], Gen.OneOf("", "[", "{\"a\":", "PAR1", "\u0089PNG\r\n\u001a\n", "GIF89a", "RIFFxxxxWEBPVP8 ", "\u00ff\u00d8\u00ff\u00e0", "BM", "\u00ff\u00fe", "\u00ef\u00bb\u00bf", "a,b\n"))
        .SampleAsync(static async (name, bytes, magic) => await Previewing.Of(name, [.. Encoding.Latin1.GetBytes(magic), .. bytes]), iter: 3_000, threads: 1);

    [Fact]
    public async Task No_damage_of_a_good_file_throws()
    {
        var parquet = await ParquetFile.Write(120, 2, CompressionMethod.Snappy);
        (string Name, byte[] Bytes)[] files =
        [
            ("a.parquet", parquet),
            ("a.parquet", await ParquetFile.Write(90, 1, CompressionMethod.Zstd)),
            ("a.parquet", await ParquetFile.Write(90, 1, CompressionMethod.Gzip)),
            ("a.png", ImageTests.Picture(40, 30, SKEncodedImageFormat.Png)),
            ("a.jpg", ImageTests.Picture(40, 30, SKEncodedImageFormat.Jpeg)),
            ("a.webp", ImageTests.Picture(40, 30, SKEncodedImageFormat.Webp)),
            ("a.json", Encoding.UTF8.GetBytes("""{"columns":["a","b"],"data":[[1,"x"],[NaN,{"y":[1,2]}]]}""")),
            ("a.jsonl", Encoding.UTF8.GetBytes("{\"a\":1,\"b\":\"\\u00e9\"}\n{\"a\":[1,2]}\n")),
            ("a.csv", Encoding.UTF8.GetBytes("a,\"b \"\"c\"\n1,\"x\ny\"\n2024-01-01,é\n")),
            ("MLmodel", Encoding.UTF8.GetBytes("flavors: {a: {b: &x c}}\nsignature:\n  inputs: '[{\"name\":\"x\",\"type\":\"long\"}]'\nlist:\n- *x\n")),
        ];

        await Gen.Select(Gen.Int[0, files.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Byte).Array[1, 8], Gen.Double[0.2, 1]).SampleAsync(
            async (file, changes, share) =>
            {
                var bytes = (byte[])files[file].Bytes.Clone();
                foreach (var (place, value) in changes)
                {
                    // A Parquet file is its footer's: most damage is done there.
                    var at = (int)((bytes.Length - 1) * (files[file].Name == "a.parquet" && value % 3 > 0 ? 1 - ((1 - place) / 4) : place));
                    bytes[at] = value;
                }
                await Previewing.Of(files[file].Name, share > 0.9 ? bytes : bytes[..(int)(bytes.Length * share)]);
                await Previewing.Of(files[file].Name, bytes);
            },
            iter: 3_000,
            threads: 1);
    }

    [Fact]
    public async Task Work_ends_with_its_time()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(10) };
        var file = new CountingStream(Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Repeat("1\n", 100_000))));

        var result = await new PreviewMaker(time).MakeAsync("a.csv", file.Length, file, TestContext.Current.CancellationToken);

        Previewing.Check(result);
        Assert.InRange(result.Preview.Table!.RowsRead, 1, 501);
        Assert.Contains("seconds", result.Preview.Table.Limit, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Circumstances), DisableDiscoveryEnumeration = true)]
    public async Task A_fault_that_does_not_lie_in_the_file_is_thrown(Exception fault)
    {
        var parquet = await ParquetFile.Write(100, 1, CompressionMethod.None);
        foreach (var (name, bytes) in new[] { ("a.csv", "a\n1\n2\n"u8.ToArray()), ("a.jsonl", "{}\n{}\n"u8.ToArray()), ("a.parquet", parquet), ("a.png", [1, 2, 3]) })
        {
            foreach (var after in name == "a.png" ? [1] : (int[])[1, 2, 3])
            {
                var file = new CountingStream(bytes);

                Assert.Same(fault, await Record.ExceptionAsync(() => new PreviewMaker(new FaultyClock(fault) { After = after }).MakeAsync(name, file.Length, file, TestContext.Current.CancellationToken)));
            }
        }
    }

    [Fact]
    public async Task A_fault_of_the_stream_is_thrown_as_it_was()
    {
        foreach (var name in Names)
        {
            var file = new CountingStream(1 << 20, static _ => (byte)'1') { FailsAt = 0 };

            await Assert.ThrowsAsync<IOException>(() => new PreviewMaker(TimeProvider.System).MakeAsync(name, file.Length, file, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Cancellation_is_thrown()
    {
        foreach (var name in Names)
        {
            var file = new CountingStream(1 << 20, static _ => (byte)'1');

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new PreviewMaker(TimeProvider.System).MakeAsync(name, file.Length, file, new CancellationToken(canceled: true)));
        }
    }

    [Fact]
    public async Task A_stream_that_ends_before_its_size_does_no_harm()
    {
        foreach (var name in Names)
        {
            var file = new CountingStream(Encoding.UTF8.GetBytes("1,2\n"));

            Previewing.Check(await new PreviewMaker(TimeProvider.System).MakeAsync(name, 1 << 20, file, TestContext.Current.CancellationToken));
        }
    }

    /// <summary>The streams here answer at once, so all is done by this thread.</summary>
    internal static async Task<PreviewResult> Bounded(string name, CountingStream file, TimeProvider time)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = await new PreviewMaker(time).MakeAsync(name, file.Length, file, TestContext.Current.CancellationToken);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, AllocatedBytes + (AllocatedPerRow * (result.Preview.Table?.RowsRead ?? 0)));
        Assert.InRange(file.BytesRead, 0, PreviewLimits.BytesRead);
        Previewing.Check(result);
        return result;
    }
}
