using CsCheck;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

public sealed class OrderTests
{
    [Theory]
    [InlineData("metrics.loss", "dacb e")]
    [InlineData("metrics.loss ASC", "dacb e")]
    [InlineData("metrics.loss DESC", "cadb e")]
    [InlineData("metric.`loss` desc", "cadb e")]
    [InlineData("metrics.acc", "eca bd")]
    [InlineData("metrics.acc DESC", "ace bd")]
    [InlineData("params.opt", "dba ce")]
    [InlineData("params.opt DESC", "abd ce")]
    [InlineData("params.`opt`", "dba ce")]
    [InlineData("tags.env", "dba ce")]
    [InlineData("tag.env DESC", "abd ce")]
    [InlineData("tags.\"a b\"", "c abde")]
    [InlineData("start_time", "dabce")]
    [InlineData("attributes.start_time DESC", "ecbad")]
    [InlineData("created DESC", "ecbad")]
    [InlineData("`Created`", "dabce")]
    [InlineData("end_time", "acd be")]
    [InlineData("end_time DESC", "dca be")]
    [InlineData("run_name", "dbaec")]
    [InlineData("\"Run name\" DESC", "ceabd")]
    [InlineData("tags.mlflow.runName", "dbaec")]
    [InlineData("run_id DESC", "edcba")]
    [InlineData("metrics.none DESC", " abcde")]
    public void NaN_follows_the_numbers_and_missing_comes_last_in_both_directions(string order, string labels) => Sorted([order], labels);

    [Theory]
    [InlineData("status", "user_id DESC", "ceadb")]
    [InlineData("user_id", "start_time DESC", "cadbe")]
    [InlineData("metrics.none", "metrics.loss DESC", "cadb e")]
    public void A_tie_is_broken_by_the_next_clause(string first, string second, string labels) => Sorted([first, second], labels);

    [Theory]
    [InlineData("experiment_id DESC", "tsf")]
    [InlineData("name", "tsf")]
    [InlineData("last_update_time", "stf")]
    [InlineData("attribute.creation_time DESC", "stf")]
    public void Experiments_are_ordered_by_attributes(string order, string labels) => Assert.Equal(labels, Sort([order], SearchSchemas.Experiments, Row.Experiments));

    [Fact]
    public void Minus_zero_is_zero() => Assert.Equal(0, Row.Compare(
        Parse(["metrics.k"], SearchSchemas.Runs), new Row("").Metric("k", 0.0), new Row("").Metric("k", -0.0)));

    [Fact]
    public void Sorting_agrees_with_a_naive_order() => Gen.Select(
        Gen.OneOf<double>(-1, 0, 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity).Nullable().Array[12],
        Gen.OneOf("", "a", "A", "é", "😀", "ab").Null().Array[12], Gen.Bool, Gen.Bool).Sample(static (numbers, texts, down, textDown) =>
    {
        Row[] rows = [.. numbers.Zip(texts, static (number, text) => Make(number, text))];
        var query = Parse([$"metrics.k {(down ? "DESC" : "ASC")}", textDown ? "params.k desc" : "params.k"], SearchSchemas.Runs);

        var naive = rows.OrderBy(static row => Number(row) is null ? 2 : double.IsNaN(Number(row)!.Value) ? 1 : 0)
            .ThenBy(row => Number(row) is { } number && !double.IsNaN(number) ? down ? -number : number : 0)
            .ThenBy(static row => Text(row) is null)
            .ThenBy(static row => Text(row), Comparer<string?>.Create((x, y) => textDown ? string.CompareOrdinal(y, x) : string.CompareOrdinal(x, y)));

        Assert.Equal(naive, rows.Order(Comparer<Row>.Create((x, y) => Row.Compare(query, x, y))), ReferenceEqualityComparer.Instance);

        static double? Number(Row row) => row.Numbers.TryGetValue(new Field(FieldKind.Metric, "k"), out var number) ? number : null;

        static string? Text(Row row) => row.Texts.GetValueOrDefault(new Field(FieldKind.Param, "k"));

        static Row Make(double? number, string? text)
        {
            var row = new Row("random");
            _ = number is { } metric ? row.Metric("k", metric) : row;
            return text is null ? row : row.Param("k", text);
        }
    });

    private static void Sorted(string[] orders, string labels) =>
        Assert.Equal(labels.Replace(" ", "", StringComparison.Ordinal), Sort(orders, SearchSchemas.Runs, Row.Runs));

    private static string Sort(string[] orders, FieldSchema schema, IEnumerable<Row> rows)
    {
        var query = Parse(orders, schema);
        return string.Concat(rows.Order(Comparer<Row>.Create((x, y) => Row.Compare(query, x, y))).Select(static row => row.Label));
    }

    private static RecordQuery Parse(string[] orders, FieldSchema schema) => RecordQuery.Parse(null, orders, schema).Value;
}
