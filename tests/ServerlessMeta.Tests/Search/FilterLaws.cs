using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

/// <summary>Laws of parsing, printing and evaluating, over random queries and records.</summary>
public sealed class FilterLaws
{
    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.OneOf("a", "status", "and", "NOT", "nan", "a.b", ".a", "a.", "a b", "", "1", "é", "`", "\"", "'", "a``b", "\\", "\n", "😀"), Gen.String).Where(QueryText.IsWellFormed);

    private static readonly Gen<Literal> Literals = Gen.OneOf(
        Names.Select(static Literal (text) => new Literal.Text(text)),
        Gen.OneOf(Gen.Double, Gen.Double.Special, Gen.Int.Select(static n => (double)n)).Select(static Literal (number) => new Literal.Number(number)),
        Gen.OneOf("x", "FINISHED", "é_1").Select(static Literal (word) => new Literal.Word(word)));

    private static readonly Gen<Condition> Clauses = Gen.Select(
        Names.Null(), Names, Gen.OneOf(ComparatorWords.Each((Comparators)0x1FFF).ToArray()), Literals.Array[2, 4]).Select(static Condition (prefix, key, comparator, values) =>
            new Condition.Clause(new FieldName(prefix, key), comparator, comparator switch
            {
                Comparators.IsNull or Comparators.IsNotNull => [],
                Comparators.Between => [.. values.Take(2)],
                Comparators.In or Comparators.NotIn => [.. values.Skip(1)],
                _ => [values[0]],
            }));

    private static readonly Gen<Condition> Conditions = Gen.Recursive<Condition>(static (depth, inner) => depth > 4 ? Clauses : Gen.Frequency(
        (3, Clauses), (1, inner.Select(static Condition (term) => new Condition.Not(term))),
        (2, Gen.Select(Gen.Bool, inner.Array[2, 4]).Select(static Condition (all, terms) => new Condition.Group(all, [.. terms])))));

    [Fact]
    public void A_printed_condition_is_parsed_to_an_equal_one() => Conditions.Sample(static condition =>
    {
        var parsed = FilterParser.Parse(condition.ToString());
        Assert.Null(parsed.Failure);
        Assert.Equal(condition, parsed.Value);
        Assert.Equal(condition.GetHashCode(), parsed.Value!.GetHashCode());
        Assert.Equal(condition.ToString(), parsed.Value.ToString());
    }, iter: 5_000);

    [Fact]
    public void Conditions_that_differ_are_printed_differently() => Gen.Select(Conditions, Conditions).Sample(static (one, other) =>
        Assert.Equal(one.Equals(other), one.ToString() == other.ToString()));

    [Fact]
    public void A_query_agrees_with_a_naive_evaluation() => Gen.Select(Naive.Filters, Naive.Rows.Array[1, 8]).Sample(static (filter, rows) =>
    {
        var query = RecordQuery.Parse(filter.Text, [], SearchSchemas.Runs);
        Assert.Null(query.Failure);
        Assert.All(rows, row => Assert.Equal(filter.Holds(row), row.Matches(query.Value)));
    }, iter: 10_000);

    [Theory]
    [InlineData("status = 'x'", "  status='x' ", true)]
    [InlineData("status = 'x' and metrics.a > 1", "status = \"x\" AND metrics.`a` > 1.0", true)]
    [InlineData("(status = 'x')", "status = 'x' and", true)]
    [InlineData("run_id in ('a')", "run_id IN ('a',)", true)]
    [InlineData("status = 'x'", "status = 'X'", false)]
    [InlineData("status = 'x'", "NOT status = 'x'", false)]
    [InlineData("metrics.a = 1", "metrics.b = 1", false)]
    [InlineData("params.a = 1", "params.a = '1'", false)]
    [InlineData("status = 'x' OR status = 'y'", "status = 'x' AND status = 'y'", false)]
    [InlineData("status = 'x'", null, false)]
    public void A_fingerprint_names_what_is_asked_not_how(string first, string? second, bool same) =>
        Assert.Equal(same, Parse(first).Fingerprint == Parse(second).Fingerprint);

    [Theory]
    [InlineData("metrics.a", "metrics.a ASC", true)]
    [InlineData("metrics.a desc", " metrics.`a`  DESC", true)]
    [InlineData("metrics.a ASC", "metrics.a DESC", false)]
    [InlineData("metrics.a", "metrics.b", false)]
    public void A_fingerprint_tells_orders_apart(string first, string second, bool same) =>
        Assert.Equal(same, Parse(null, first).Fingerprint == Parse(null, second).Fingerprint);

    [Fact]
    public void A_query_names_each_field_once() => Assert.Equal(
        [new Field(FieldKind.Metric, "a"), new Field(FieldKind.Attribute, "Status")],
        Parse("metrics.a > 1 AND (metric.`a` < 2 OR status = 'x' OR attributes.status = 'y')", "metrics.a").Fields.Order(Comparer<Field>.Create(static (x, y) => y.Kind.CompareTo(x.Kind))));

    private static RecordQuery Parse(string? filter, params string[] orderBy) => RecordQuery.Parse(filter, orderBy, SearchSchemas.Runs).Value;

    /// <summary>A second opinion on what filters mean, written from the grammar.</summary>
    internal sealed record Naive(string Text, Func<Row, bool> Holds)
    {
        private static readonly Gen<double> Doubles = Gen.OneOf<double>(-1, 0, 0.5, 1, 2, double.NaN, double.PositiveInfinity, double.NegativeInfinity);
        private static readonly Gen<string> Texts = Gen.OneOf("", "a", "A", "ab", "b%", "0.5", "1", "1.0", " 2", "nan", "it's", "-inf");
        private static readonly Gen<string> Patterns = Gen.OneOf("%", "a%", "_", "A_", "%b%", "", "it''s");
        private static readonly Gen<string> Keys = Gen.OneOf("k", "l", "`k`", "\"a b\"");

        // In their order; ranks are compared in place of versions.
        private static readonly string[] Versions = ["1.0.dev1", "1.0a1", "1.0", "1.2", "1.10", "1!0"];
        private static readonly Gen<int> Ranks = Gen.Int[0, 5];

        public static readonly Gen<Row> Rows = Gen.Select(Doubles.Nullable().Array[3], Texts.Null().Array[6], Gen.Int[-2, 5].Array[3]).Select(static (numbers, texts, ranks) =>
        {
            var row = new Row("random");
            string[] keys = ["k", "l", "a b"];
            for (var i = 0; i < 3; i++)
            {
                _ = numbers[i] is { } number ? row.Metric(keys[i], number) : row;
                _ = texts[i] is { } param ? row.Param(keys[i], param) : row;
                _ = texts[i + 3] is { } tag ? row.Tag(keys[i], tag) : row;
                _ = ranks[i] > -2 ? row.Package(keys[i], ranks[i] < 0 ? "" : Versions[ranks[i]]) : row;
            }
            return row;
        });

        private static readonly Gen<Naive> Numeric = Gen.Select(Gen.Bool, Keys, Gen.OneOf("=", "!=", "<", "<=", ">", ">=", "IN", "NOT IN", "BETWEEN"), Doubles, Doubles).Select(static (isMetric, key, word, x, y) =>
            new Naive($"{(isMetric ? "metrics" : "params")}.{key} {word} {Values(word, Print(x), Print(y))}", row =>
                NumberOf(row, isMetric, key) is { } n && word switch
                {
                    "=" => n == x,
                    "!=" => n != x,
                    "<" => n < x,
                    "<=" => n <= x,
                    ">" => n > x,
                    ">=" => n >= x,
                    "IN" => n == x || n == y,
                    "NOT IN" => n != x && n != y,
                    _ => x <= n && n <= y,
                }));

        private static readonly Gen<Naive> Textual = Gen.Select(Gen.Bool, Keys, Gen.OneOf("=", "!=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"), Texts, Patterns).Select(static (isTag, key, word, text, pattern) =>
        {
            var value = word.StartsWith("IS", StringComparison.Ordinal) ? "" : word.EndsWith("LIKE", StringComparison.Ordinal) ? $"'{pattern}'" : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
            return new Naive($"{(isTag ? "tags" : "params")}.{key} {word} {value}", row => row.Texts.GetValueOrDefault(FieldOf(isTag ? FieldKind.Tag : FieldKind.Param, key)) is { } found
                ? word switch
                {
                    "=" => found == text,
                    "!=" => found != text,
                    "LIKE" => Like(found, pattern, RegexOptions.None),
                    "ILIKE" => Like(found, pattern, RegexOptions.IgnoreCase),
                    _ => word == "IS NOT NULL",
                }
                : word == "IS NULL");
        });

        private static readonly Gen<Naive> Versioned = Gen.Select(Keys, Gen.OneOf("=", "!=", "<", "<=", ">", ">=", "IN", "NOT IN", "BETWEEN", "LIKE", "IS NULL", "IS NOT NULL"), Ranks, Ranks).Select(static (key, word, x, y) =>
        {
            var value = word.StartsWith("IS", StringComparison.Ordinal) ? "" : word == "LIKE" ? "'1.%'" : Values(word, $"'{Versions[x]}'", $"'{Versions[y]}'");
            return new Naive($"packages.{key} {word} {value}", row =>
            {
                var version = row.Versions.GetValueOrDefault(FieldOf(FieldKind.Package, key));
                var rank = Array.IndexOf(Versions, version?.Text);
                return word is "IS NULL" or "IS NOT NULL" ? version is null == word is "IS NULL" : rank >= 0 && word switch
                {
                    "=" => rank == x,
                    "!=" => rank != x,
                    "<" => rank < x,
                    "<=" => rank <= x,
                    ">" => rank > x,
                    ">=" => rank >= x,
                    "IN" => rank == x || rank == y,
                    "NOT IN" => rank != x && rank != y,
                    "LIKE" => version!.Text.StartsWith("1.", StringComparison.Ordinal),
                    _ => x <= rank && rank <= y,
                };
            });
        });

        public static readonly Gen<Naive> Filters = Gen.Recursive<Naive>(static (depth, inner) => depth > 4 ? Gen.OneOf(Numeric, Textual, Versioned) : Gen.OneOf(
            Numeric, Textual, Versioned, inner.Select(static term => new Naive($"NOT ({term.Text})", row => !term.Holds(row))),
            Gen.Select(inner, inner).Select(static (x, y) => new Naive($"({x.Text}) and ({y.Text})", row => x.Holds(row) && y.Holds(row))),
            Gen.Select(inner, inner).Select(static (x, y) => new Naive($"(({x.Text}) OR ({y.Text}))", row => x.Holds(row) || y.Holds(row)))));

        private static Field FieldOf(FieldKind kind, string key) => new(kind, key.Trim('`', '"'));

        private static double? NumberOf(Row row, bool isMetric, string key)
        {
            if (isMetric)
            {
                return row.Numbers.TryGetValue(FieldOf(FieldKind.Metric, key), out var metric) ? metric : null;
            }
            return row.Texts.GetValueOrDefault(FieldOf(FieldKind.Param, key)) switch
            {
                "0.5" => 0.5,
                "1" or "1.0" => 1,
                " 2" => 2,
                "nan" => double.NaN,
                "-inf" => double.NegativeInfinity,
                _ => null,
            };
        }

        private static bool Like(string text, string pattern, RegexOptions options) =>
            Regex.IsMatch(text, $"\\A{pattern.Replace("''", "'", StringComparison.Ordinal).Replace("%", ".*", StringComparison.Ordinal).Replace('_', '.')}\\z", options | RegexOptions.Singleline, TimeSpan.FromSeconds(1));

        private static string Values(string word, string x, string y) => word switch
        {
            "IN" or "NOT IN" => $"({x}, {y})",
            "BETWEEN" => $"{x} AND {y}",
            _ => x,
        };

        private static string Print(double number) => double.IsInfinity(number) ? number > 0 ? "inf" : "-Infinity" : number.ToString(CultureInfo.InvariantCulture);
    }
}
