using System.IO.Compression;
using CsCheck;
using ServerlessMeta.Reproduction;

namespace ServerlessMeta.Tests.Reproduction;

/// <summary>Archives as anyone's reader takes them.</summary>
public sealed class ZipTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_files_come_back_whole_and_in_order_and_the_length_is_known_before() =>
        await Gen.Select(Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.OneOf("ä/ö.txt", "a/b/c", "😀", "README.md")), Gen.Byte.Array[0, 2000]).Array[0, 8].SampleAsync(async files =>
        {
            var entries = files.DistinctBy(static file => file.Item1).Select(static file => ZipEntry.Of(file.Item1, file.Item2)).ToList();

            var bytes = await WriteAsync(entries);

            Assert.Equal(ZipWriter.LengthOf(entries), bytes.Length);
            using var archive = new ZipArchive(new MemoryStream(bytes));
            Assert.Equal(entries.Select(static entry => entry.Path).Order(StringComparer.Ordinal), archive.Entries.Select(static entry => entry.FullName));
            foreach (var entry in archive.Entries)
            {
                using var content = new MemoryStream();
                await (await entry.OpenAsync(Ct)).CopyToAsync(content, Ct);
                Assert.Equal(files.First(file => file.Item1 == entry.FullName).Item2, content.ToArray());
                Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime);
            }
        }, iter: 200, threads: 1);

    [Fact]
    public async Task The_order_in_which_files_are_given_does_not_matter()
    {
        ZipEntry[] entries = [ZipEntry.Of("b", [1]), ZipEntry.Of("a", [2]), ZipEntry.Of("A", new byte[3_000_000])];

        Assert.Equal(await WriteAsync(entries), await WriteAsync([.. entries.Reverse()]));
    }

    [Fact]
    public async Task A_file_that_ends_too_soon_is_no_file() =>
        await Assert.ThrowsAsync<EndOfStreamException>(() => WriteAsync([new ZipEntry("a", 10, static () => new MemoryStream([1]))]));

    [Fact]
    public void The_checksum_is_that_of_zip()
    {
        Assert.Equal(0xCBF43926, Crc32.Append(0, "123456789"u8));
        Assert.Equal(0xCBF43926, Crc32.Append(Crc32.Append(0, "1234"u8), "56789"u8));
    }

    [Fact]
    public void Words_for_a_shell_are_one_word() => Gen.String.Sample(static text =>
    {
        var quoted = Shell.Quote(text);

        Assert.Equal(text, quoted.StartsWith('\'') ? quoted[1..^1].Replace("'\\''", "'", StringComparison.Ordinal) : quoted);
        Assert.True(quoted.StartsWith('\'') || quoted.All(static c => char.IsAsciiLetterOrDigit(c) || "_./:@%+=,-".Contains(c, StringComparison.Ordinal)));
    });

    [Theory]
    [InlineData("a\n```\nb", "````sh\na\n```\nb\n````\n")]
    [InlineData("a", "```sh\na\n```\n")]
    public void Nothing_in_a_block_ends_it(string command, string block) => Assert.Equal(block, Shell.Block([command]));

    [Theory]
    [InlineData("a|b", "`a|b`")]
    [InlineData("a`b", "`` a`b ``")]
    [InlineData("a\n# b", "`a # b`")]
    [InlineData("", "(empty)")]
    public void Text_in_a_line_stays_there(string text, string inline) => Assert.Equal(inline, Shell.Inline(text));

    private static async Task<byte[]> WriteAsync(IReadOnlyCollection<ZipEntry> entries)
    {
        using var archive = new MemoryStream();
        await ZipWriter.WriteAsync(entries, archive, Ct);
        return archive.ToArray();
    }
}
