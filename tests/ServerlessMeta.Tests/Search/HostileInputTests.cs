using System.Diagnostics;
using CsCheck;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

/// <summary>No text makes a query throw, or take long, or use much stack.</summary>
public sealed class HostileInputTests
{
    private const int Million = 1_000_000;
    private const int SmallStack = 256 * 1024;

    public static TheoryData<string, string> Bombs => new()
    {
        { "parentheses", new string('(', Million) },
        { "parentheses within the length", new string('(', 90_000) },
        { "balanced parentheses", new string('(', 40_000) + "status = 'x'" + new string(')', 40_000) },
        { "negations", Repeat("NOT ", 20_000) + "status = 'x'" },
        { "negated parentheses", Repeat("NOT (", 15_000) },
        { "conjunctions too long", Repeat("status = 'x' and ", Million / 17) },
        { "quotes", new string('\'', 99_999) },
        { "doubled quotes without end", "status = '" + new string('\'', 99_988) },
        { "a text without end", "status = '" + new string('x', 99_000) },
        { "a word", new string('a', 99_000) },
        { "a path", Repeat("a.", 49_000) },
        { "digits", "metrics.a = " + new string('9', 99_000) + "x" },
        { "signs", "metrics.a " + new string('=', 99_000) },
        { "spaces", new string(' ', 99_000) + "x" },
        { "commas", "run_id IN (" + new string(',', 99_000) },
        { "a wrong value in a long list", "run_id IN (" + Repeat("'a', ", 19_000) + "1)" },
        { "null characters", new string('\0', 99_000) },
        { "half a pair", "status = '\ud83d'" },
        { "the other half", "tags.`\ude00` = 'x'" },
        { "pairs turned round", "status = '\ude00\ud83d'" },
        { "a byte order mark", "\ufeffstatus = 'x'" },
        { "a bidirectional override", "status\u202e = 'x'" },
        { "an unknown field of many characters", new string('x', 50_000) + " = 'x'" },
    };

    public static TheoryData<string, string> Feasts => new()
    {
        { "conjunctions", Repeat("status = 'x' and ", 5_800) },
        { "alternatives", Repeat("metrics.a = 1 OR ", 5_800) + "metrics.a = 1" },
        { "fields", string.Join(" AND ", Enumerable.Range(0, 4_000).Select(static i => $"metrics.m{i} > 1")) },
        { "values", "run_id IN (" + Repeat("'a', ", 19_000) + "'a')" },
        { "a number of many digits", "metrics.a = " + new string('9', 99_000) },
        { "a fraction of many digits", "metrics.a = 0." + new string('9', 99_000) },
        { "an exponent beyond integers", "metrics.a = 1e99999999999999999999" },
        { "a pattern", "tags.a LIKE '" + Repeat("%a", 49_000) + "'" },
        { "depth", new string('(', 99) + "status = 'x'" + new string(')', 99) },
        { "control characters in a text", "tags.`\0\u0001` = '\0\n\u001b'" },
        { "spaces", "status" + new string(' ', 99_000) + "= 'x'" },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_bomb_is_refused_at_once_with_a_short_message(string name, string filter)
    {
        var failure = Bounded(() => RecordQuery.Parse(filter, [], SearchSchemas.Runs)).Failure;

        var refused = Assert.IsType<Failure.Invalid>(failure);
        Assert.Equal("filter", refused.Field);
        Assert.True(refused.Problem.Length is > 10 and < 600, name);
        Assert.DoesNotContain(refused.Problem, static c => char.IsControl(c));
    }

    [Theory]
    [MemberData(nameof(Feasts))]
    public void What_is_large_but_right_is_answered(string name, string filter)
    {
        var matched = Bounded(() =>
        {
            var query = RecordQuery.Parse(filter, [], SearchSchemas.Runs);
            Assert.True(query.IsOk, name);
            return Row.Runs.Count(row => row.Matches(query.Value));
        });

        Assert.Equal(0, matched);
    }

    [Theory]
    [InlineData("metrics.a")]
    [InlineData("(")]
    [InlineData("`")]
    [InlineData("\ud83d")]
    [InlineData("metrics.a DESC DESC ")]
    public void An_order_of_a_million_characters_is_refused(string part)
    {
        var failure = Bounded(() => RecordQuery.Parse(null, [Repeat(part, Million / part.Length)], SearchSchemas.Runs)).Failure;

        Assert.True(Assert.IsType<Failure.Invalid>(failure).Problem.Length < 600);
    }

    [Fact]
    public void Orders_of_many_clauses_are_refused() => Assert.Equal(
        new Failure.Invalid("order_by", "Invalid order_by: at most 100 clauses are allowed."),
        RecordQuery.Parse(null, [.. Enumerable.Range(0, 101).Select(static i => $"metrics.m{i}")], SearchSchemas.Runs).Failure);

    [Fact]
    public void Nesting_is_refused_beyond_a_hundred() => Assert.Equal(
        new Failure.Invalid("filter", "Filter string is nested more than 100 deep."),
        RecordQuery.Parse(Repeat("NOT ", 101) + "status = 'x'", [], SearchSchemas.Runs).Failure);

    [Fact]
    public void Length_is_refused_beyond_a_hundred_thousand() => Assert.Equal(
        new Failure.Invalid("filter", "Filter string has 100001 characters, but at most 100000 are allowed."),
        RecordQuery.Parse(new string('x', 100_001), [], SearchSchemas.Runs).Failure);

    [Fact]
    public void No_text_throws() => Gen.Select(Fragments.Text, Fragments.Text).Sample(static (filter, order) =>
    {
        _ = RecordQuery.Parse(filter, [], SearchSchemas.Runs);
        _ = RecordQuery.Parse(null, [order], SearchSchemas.Runs);
        _ = RecordQuery.Parse(filter, [order], SearchSchemas.Experiments);
    }, iter: 20_000);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static T Bounded<T>(Func<T> call)
    {
        T? result = default;
        Exception? thrown = null;
        var watch = Stopwatch.StartNew();
        var thread = new Thread(() =>
        {
            try
            {
                result = call();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }, SmallStack);
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        return result!;
    }
}
