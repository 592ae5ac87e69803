using System.Globalization;
using System.Text;
using CsCheck;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Tests.Previews;

public sealed class CsvTests
{
    [Fact]
    public async Task Columns_have_names_types_and_extremes()
    {
        const string Text = "id,price,ok,day,at,note\n1,1.5,true,2024-02-01,2024-02-01T10:00:00Z,b\n10,-2e3,FALSE,2024-01-31,2024-02-01 12:00:00+05:00,a\n2,7,,,,\"x, \"\"y\"\"\nz\"\n";

        var table = (await Previewing.OfText("data/train.CSV", Text)).Table!;

        Assert.Equal(["id", "price", "ok", "day", "at", "note"], table.Columns.Select(static column => column.Name));
        Assert.Equal([ColumnType.Integer, ColumnType.Number, ColumnType.Boolean, ColumnType.Date, ColumnType.Timestamp, ColumnType.Text], table.Columns.Select(static column => column.Type));
        Assert.Equal(["1", "-2e3", "FALSE", "2024-01-31", "2024-02-01 12:00:00+05:00", "a"], table.Columns.Select(static column => column.Min));
        Assert.Equal(["10", "7", "true", "2024-02-01", "2024-02-01T10:00:00Z", "x, \"y\"\nz"], table.Columns.Select(static column => column.Max));
        Assert.Equal([0, 0, 1 / 3d, 1 / 3d, 1 / 3d, 0], table.Columns.Select(static column => column.NullShare!.Value));
        Assert.Equal(["2", "7", null, null, null, "x, \"y\"\nz"], table.FirstRows[2]);
        Assert.Equal((3, 3, true), (table.RowsRead, table.Rows, table.Complete));
    }

    [Theory]
    [InlineData("a.csv", "a;b\n1,5;2\n3,5;4\n")]
    [InlineData("a.csv", "a,b\n\"1,5\",2\n\"3,5\",4\n")]
    [InlineData("a.csv", "a|b\n1,5|2\n3,5|4\n")]
    [InlineData("a.tsv", "a\tb\n1,5\t2\n3,5\t4")]
    [InlineData("a.csv", "\ufeffa\tb\r\n1,5\t2\r\n3,5\t4\r\n")]
    public async Task Separator_is_found_by_name_and_content(string name, string text)
    {
        var table = (await Previewing.OfText(name, text)).Table!;

        Assert.Equal(["a", "b"], table.Columns.Select(static column => column.Name));
        Assert.Equal([["1,5", "2"], ["3,5", "4"]], table.FirstRows.Select(static row => row.ToArray()));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("iso-8859-1")]
    public async Task Text_is_right_in_each_encoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);

        var table = (await Previewing.Of("a.csv", [.. encoding.Preamble, .. encoding.GetBytes("straße,größe\nWörth,1\n")])).Table!;

        Assert.Equal(["straße", "größe"], table.Columns.Select(static column => column.Name));
        Assert.Equal(["Wörth", "1"], table.FirstRows[0]);
    }

    [Fact]
    public async Task Rows_may_be_longer_or_shorter_than_the_header()
    {
        var table = (await Previewing.OfText("a.csv", "a,b\n1\n1,2,3\n")).Table!;

        Assert.Equal(["a", "b", ""], table.Columns.Select(static column => column.Name));
        Assert.Equal([["1", null, null], ["1", "2", "3"]], table.FirstRows.Select(static row => row.ToArray()));
    }

    [Fact]
    public async Task Not_a_number_is_text_in_the_answer_and_no_extreme()
    {
        var table = (await Previewing.OfText("a.csv", "a,b\n-inf,1\n1.5,Infinity\n2,NaN\n")).Table!;

        Assert.Equal(["-inf", "1"], table.Columns.Select(static column => column.Min));
        Assert.Equal(["2", "Infinity"], table.Columns.Select(static column => column.Max));
        Assert.Equal([null, null, "1", "Infinity"], new[] { table.FirstRows[2][1], null, table.Columns[1].Min, table.Columns[1].Max });
    }

    [Fact]
    public async Task Only_the_beginning_of_a_large_file_is_read()
    {
        var line = Encoding.ASCII.GetBytes("12345," + new string('x', 1_000) + "\n");
        var file = new CountingStream(10L << 30, line);

        var table = (await Previewing.Make("a.csv", file)).Preview.Table!;

        Assert.False(table.Complete);
        Assert.Null(table.Rows);
        Assert.Equal("12345", table.Columns[0].Max);
        Assert.InRange(table.RowsRead, 1, PreviewLimits.BytesRead / line.Length);
        Assert.All(file.Reads, static read => Assert.InRange(read, 1, 1 << 20));
    }

    [Fact]
    public Task Statistics_are_those_of_a_plain_computation() => Gen.Select(Gen.OneOf(Gen.Long.Select(static value => (long?)value), Gen.Const((long?)null)).Array[1, 60], Gen.Double[-1e6, 1e6].Array[60], Gen.String[Gen.Char["ab,\"\n;é"], 0, 6].Array[60])
        .SampleAsync(
            async (whole, real, text) =>
            {
                var csv = new StringBuilder("w,r,t\n");
                for (var i = 0; i < whole.Length; i++)
                {
                    csv.Append(CultureInfo.InvariantCulture, $"{whole[i]},{real[i]:R},\"{text[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n");
                }

                var table = (await Previewing.OfText("a.csv", csv.ToString())).Table!;

                var texts = text[..whole.Length].Where(static value => value.Length > 0).ToArray();
                Assert.Equal(whole.Length, table.RowsRead);
                Assert.Equal(whole.Min()?.ToString(CultureInfo.InvariantCulture), table.Columns[0].Min);
                Assert.Equal(whole.Max()?.ToString(CultureInfo.InvariantCulture), table.Columns[0].Max);
                Assert.Equal((double)whole.Count(static value => value is null) / whole.Length, table.Columns[0].NullShare!.Value, 12);
                Assert.Equal(whole.Where(static value => value is not null).Distinct().Count(), table.Columns[0].Distinct);
                Assert.Equal(real[..whole.Length].Max(), double.Parse(table.Columns[1].Max!, CultureInfo.InvariantCulture));
                Assert.Equal(real[..whole.Length].Min(), double.Parse(table.Columns[1].Min!, CultureInfo.InvariantCulture));
                Assert.Equal(texts.Distinct(StringComparer.Ordinal).Count(), table.Columns[2].Distinct);
                Assert.Equal(texts.Min(StringComparer.Ordinal), table.Columns[2].Min);
                Assert.Equal(texts.Max(StringComparer.Ordinal), table.Columns[2].Max);
                Assert.True(table.Columns[2].DistinctExact);
            },
            iter: 300,
            threads: 1);
}
