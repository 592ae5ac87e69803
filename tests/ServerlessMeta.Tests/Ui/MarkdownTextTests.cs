using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Tests.Ui;

public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("Tells whether it **rains**.\n\n## For whom\n\n| who | why |\n|---|---|\n| a | b |", "Tells whether it rains.")]
    [InlineData("# Rain\n\nTwo\nlines.", "Two lines.")]
    [InlineData("  - one\n  - two", "one two")]
    [InlineData("Read [the docs][1] & [all][] of it.\n\nMore.\n\n[1]: https://example.com\n[all]: https://example.com/all", "Read the docs & all of it.")]
    [InlineData("[1]: https://example.com", "")]
    [InlineData("", "")]
    public void Line_has_the_words_of_the_first_paragraph(string text, string line) => Assert.Equal(line, MarkdownText.Line(text));
}
