using System.Text;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Tests.Previews;

public sealed class JsonTests
{
    [Theory]
    [InlineData("a.json", """[{"q":"hi","n":1,"x":{"y":[1, 2]}},{"q":null,"n":2.5},{"z":true}]""")]
    [InlineData("a.jsonl", """{"q":"hi","n":1,"x":{"y":[1, 2]}}""" + "\n\n" + """{"q":null,"n":2.5}""" + "\r\n" + """{"z":true}""")]
    public async Task Records_are_a_table(string name, string text)
    {
        var table = (await Previewing.OfText(name, text)).Table!;

        Assert.Equal(["q", "n", "x", "z"], table.Columns.Select(static column => column.Name));
        Assert.Equal([ColumnType.Text, ColumnType.Number, ColumnType.Text, ColumnType.Boolean], table.Columns.Select(static column => column.Type));
        Assert.Equal([["hi", "1", """{"y":[1, 2]}""", null], [null, "2.5", null, null], [null, null, null, "true"]], table.FirstRows.Select(static row => row.ToArray()));
        Assert.Equal(3, table.Rows);
    }

    [Fact]
    public async Task Columns_beside_data_are_a_table()
    {
        var table = (await Previewing.OfText("eval.json", """{"columns":["question","score"],"data":[["why?",0.5],["how?",null],["2024-01-01","7"]]}""")).Table!;

        Assert.Equal(["question", "score"], table.Columns.Select(static column => column.Name));
        Assert.Equal([["why?", "0.5"], ["how?", null], ["2024-01-01", "7"]], table.FirstRows.Select(static row => row.ToArray()));
    }

    [Fact]
    public async Task A_number_in_quotes_is_text()
    {
        var table = (await Previewing.OfText("a.json", """[{"a":"1","b":"2024-01-01"},{"a":"2","b":"2024-01-02"}]""")).Table!;

        Assert.Equal([ColumnType.Text, ColumnType.Date], table.Columns.Select(static column => column.Type));
    }

    [Fact]
    public async Task Large_lists_of_records_are_read_one_by_one()
    {
        var rows = new StringBuilder("""{"index_name":"i","columns":["a","b"],"data":[""").AppendJoin(',', Enumerable.Range(0, 400_000).Select(static i => $"[{i},\"text {i % 7}\"]")).Append("]}");

        var table = (await Previewing.OfText("a.json", rows.ToString())).Table!;

        Assert.Equal(400_000, table.Rows);
        Assert.Equal(("0", "399999", 7L), (table.Columns[0].Min, table.Columns[0].Max, table.Columns[1].Distinct!.Value));
    }

    [Fact]
    public async Task Any_other_document_shows_its_shape()
    {
        var lines = (await Previewing.OfText("a.json", """{"a":{"b":[{"c":NaN},2]},"d":"NaN is kept \" here","e":null,"f":-Infinity}""")).Json!.Lines;

        Assert.Equal(["", "a", "a.b", "a.b[]", "a.b[].c", "d", "e", "f"], lines.Select(static line => line.Path));
        Assert.Equal(["object", "object", "array", "object", "string", "string", "null", "string"], lines.Select(static line => line.Type));
        Assert.Equal(("NaN", "NaN is kept \" here", "-Infinity"), (lines[4].Value, lines[5].Value, lines[7].Value));
    }

    [Theory]
    [InlineData("""{"labels":["cat","dog"],"matrix":[[5,1],[2,8]]}""", "cat")]
    [InlineData("""{"confusion_matrix":[[5,1],[2,8]],"classes":["cat","dog"]}""", "cat")]
    [InlineData("""{"confusion_matrix":{"labels":["cat","dog"],"matrix":[[5.0,1],[2,8]]}}""", "cat")]
    [InlineData("""{"confusion_matrix":[[5,1],[2,8]]}""", "0")]
    [InlineData("[[5,1],[2,8]]", "0")]
    public async Task Square_counts_are_a_confusion_matrix(string text, string label)
    {
        var preview = await Previewing.OfText("confusion_matrix.json", text);

        Assert.Equal(PreviewKind.ConfusionMatrix, preview.Kind);
        Assert.Equal([[5, 1], [2, 8]], preview.Matrix!.Counts.Select(static row => row.ToArray()));
        Assert.Equal(label, preview.Matrix.Classes[0].Label);
        Assert.Equal([5 / 7d, 8 / 9d], preview.Matrix.Classes.Select(static name => name.Precision!.Value));
        Assert.Equal([5 / 6d, 8 / 10d], preview.Matrix.Classes.Select(static name => name.Recall!.Value));
    }

    [Theory]
    [InlineData("[[5,1],[2]]")]
    [InlineData("[[5,1.5],[2,8]]")]
    [InlineData("[[5,-1],[2,8]]")]
    [InlineData("[[5,1,2],[2,8,3]]")]
    [InlineData("[[5]]")]
    public async Task Other_arrays_are_tables(string text)
    {
        Assert.Equal(PreviewKind.Table, (await Previewing.OfText("a.json", text)).Kind);
    }

    [Fact]
    public async Task A_class_that_never_occurs_has_no_precision_and_no_recall()
    {
        var classes = (await Previewing.OfText("a.json", "[[0,0],[0,3]]")).Matrix!.Classes;

        Assert.Equal(new MatrixClass("0", null, null), classes[0]);
        Assert.Equal(new MatrixClass("1", 1, 1), classes[1]);
    }

    [Theory]
    [InlineData("""{"a":""")]
    [InlineData("not json")]
    [InlineData("{'a': 1}")]
    public async Task What_is_no_JSON_is_shown_as_text(string text)
    {
        var preview = await Previewing.OfText("a.json", text);

        Assert.Equal((PreviewKind.Text, text), (preview.Kind, preview.Text!.Text));
        Assert.NotNull(preview.Text.Note);
    }

    [Fact]
    public async Task Half_a_character_in_an_escape_does_no_harm()
    {
        var table = (await Previewing.OfText("a.json", """[{"a":"x\ud800y","\udc00":"\ud83d\ude00"}]""")).Table!;

        Assert.Equal([@"x\ud800y", "😀"], table.FirstRows[0]);
    }

    [Fact]
    public async Task Lines_behind_a_broken_one_are_not_read()
    {
        var table = (await Previewing.OfText("a.jsonl", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n")).Table!;

        Assert.Equal((1, false), (table.RowsRead, table.Complete));
        Assert.Contains("line 2", table.Limit, StringComparison.Ordinal);
    }
}
