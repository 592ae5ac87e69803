using System.Text;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Tests.Previews;

/// <summary>Of a file that is larger than any limit a part is read, whichever limit ends it.</summary>
public sealed class EndlessFileTests
{
    private static readonly TimeSpan ReadTime = TimeSpan.FromMilliseconds(200);

    public static TheoryData<string, string, string, long> Endless => new()
    {
        { "one line of 10 GiB as a table", "a.csv", "x", 10L << 30 },
        { "one quoted field of 10 GiB", "a.csv", "\"x", 10L << 30 },
        { "10 GiB of separators", "a.csv", ",", 10L << 30 },
        { "10 GiB of line breaks", "a.csv", "\n", 10L << 30 },
        { "10 GiB of quotes", "a.csv", "\"", 10L << 30 },
        { "one line of 10 GiB as records", "a.jsonl", "{\"a\":\"x", 10L << 30 },
        { "10 GiB of empty records", "a.jsonl", "{}\n", 10L << 30 },
        { "10 GiB of line breaks as records", "a.jsonl", "\n", 10L << 30 },
        { "a text of 10 GiB in a list", "a.json", "[\"", 10L << 30 },
        { "10 GiB of brackets", "a.json", "[", 10L << 30 },
        { "10 GiB of empty lists", "a.json", "[[],", 10L << 30 },
        { "10 GiB of blanks", "a.json", " ", 10L << 30 },
        { "10 GiB of one line", "a.txt", "x", 10L << 30 },
        { "a model of 10 GiB", "MLmodel", "a: b\n", 10L << 30 },
        { "10 GiB that are no Parquet file", "a.parquet", "PAR1", 10L << 30 },
        { "10 GiB that are no picture", "a.png", "\u0089PNG", 10L << 30 },
    };

    [Theory]
    [MemberData(nameof(Endless))]
    public async Task An_endless_file_is_read_in_part(string what, string name, string pattern, long size)
    {
        var bytes = Encoding.Latin1.GetBytes(pattern);
        // Slow storage: it is the time that ends what no other limit does.
        var time = new FakeTimeProvider();
        var file = new CountingStream(size, bytes) { Reading = () => time.Advance(ReadTime) };

        var result = await HostileFileTests.Bounded(name, file, time);

        Assert.False(result.Preview.Table?.Complete ?? false, what);
        Assert.False(result.Preview.Text?.Complete ?? false, what);
        Assert.InRange(file.Reads.Count, 0, (PreviewLimits.Time / ReadTime) + 1);
        Assert.Equal(time.GetUtcNow() - time.Start < PreviewLimits.Time, result.IsRepeatable);
    }

    [Fact]
    public async Task What_ends_by_its_time_is_not_repeatable_and_what_ends_by_its_bytes_is()
    {
        var line = Encoding.ASCII.GetBytes(new string('x', 1_000) + "\n");
        var clock = new FakeTimeProvider();

        var byBytes = await Previewing.Make("a.csv", new CountingStream(10L << 30, line));
        var byTime = await new PreviewMaker(clock).MakeAsync("a.csv", 10L << 30, new CountingStream(10L << 30, line) { Reading = () => clock.Advance(ReadTime) }, TestContext.Current.CancellationToken);

        Assert.Equal((true, false), (byBytes.IsRepeatable, byTime.IsRepeatable));
        Assert.Contains("64 MiB", byBytes.Preview.Table!.Limit, StringComparison.Ordinal);
        Assert.Contains("seconds", byTime.Preview.Table!.Limit, StringComparison.Ordinal);
    }
}
