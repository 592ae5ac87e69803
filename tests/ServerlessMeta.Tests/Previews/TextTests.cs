using ServerlessMeta.Previews;

namespace ServerlessMeta.Tests.Previews;

public sealed class TextTests
{
    [Theory]
    [InlineData("train.py", "python", PreviewKind.Text)]
    [InlineData("conda.yaml", "yaml", PreviewKind.Text)]
    [InlineData("README.md", "markdown", PreviewKind.Markdown)]
    [InlineData("plot.svg", "xml", PreviewKind.Text)]
    [InlineData("report.html", "html", PreviewKind.Text)]
    [InlineData("a/b/requirements.txt", "text", PreviewKind.Text)]
    public async Task Text_is_shown_as_its_source(string name, string language, PreviewKind kind)
    {
        var preview = await Previewing.OfText(name, "<script>1</script>\n# é\n");

        Assert.Equal(kind, preview.Kind);
        Assert.Equal(new TextPreview("<script>1</script>\n# é\n", language, "utf-8", 2, true, null), preview.Text);
    }

    [Fact]
    public async Task Only_the_first_lines_are_shown_and_all_are_counted()
    {
        var text = (await Previewing.OfText("a.log", string.Concat(Enumerable.Range(1, 5_000).Select(static i => $"{i}\n")))).Text!;

        Assert.EndsWith("\n200\n", text.Text, StringComparison.Ordinal);
        Assert.Equal((5_000, false), (text.Lines, text.Complete));
    }

    [Fact]
    public async Task A_long_line_is_cut_between_characters()
    {
        var text = (await Previewing.OfText("a.txt", string.Concat(Enumerable.Repeat("x😀", 100_000)))).Text!;

        Assert.DoesNotContain('\ufffd', text.Text);
        Assert.InRange(text.Text.Length, 10_000, PreviewLimits.TextBytes);
        Assert.Equal((1, false), (text.Lines, text.Complete));
    }

    [Fact]
    public async Task Lines_of_a_large_file_are_not_counted()
    {
        var file = new CountingStream(5L << 30, static position => position % 50 == 49 ? (byte)'\n' : (byte)'a');

        var text = (await Previewing.Make("a.log", file)).Preview.Text!;

        Assert.Equal((null, false), (text.Lines, text.Complete));
        Assert.InRange(file.BytesRead, 1, 1 << 20);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_have_no_preview()
    {
        var preview = await Previewing.Of("a.py", [0x7F, 0x45, 0x4C, 0x46, 0, 0, 1]);

        Assert.Equal(PreviewKind.None, preview.Kind);
        Assert.Contains("NUL", preview.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.pkl", false)]
    [InlineData("weights.bin", false)]
    [InlineData("archive.csv.gz", false)]
    [InlineData("noextension", false)]
    [InlineData("model/MLmodel", true)]
    [InlineData("a.b/data.PARQUET", true)]
    [InlineData("x.ndjson", true)]
    public async Task Name_says_whether_there_can_be_a_preview(string name, bool previewable)
    {
        Assert.Equal(previewable, PreviewMaker.IsPreviewable(name));
        Assert.True(previewable || (await Previewing.OfText(name, "abc")).Kind is PreviewKind.None);
    }
}
