using System.Diagnostics;
using System.Text.RegularExpressions;
using CsCheck;
using ServerlessMeta.Search;

namespace ServerlessMeta.Tests.Search;

public sealed class LikePatternTests
{
    private static readonly Gen<string> Texts = Gen.OneOf("a", "b", "A", "é", "É", "\n", "😀", ".", "[", "\\").Array[0, 8].Select(string.Concat);
    private static readonly Gen<string> Patterns = Gen.OneOf("a", "b", "A", "é", "\n", "😀", ".", "[", "\\", "%", "_", "%", "_").Array[0, 8].Select(string.Concat);

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "%", true)]
    [InlineData("", "_", false)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "ABC", false)]
    [InlineData("abc", "a%", true)]
    [InlineData("abc", "%c", true)]
    [InlineData("abc", "%b%", true)]
    [InlineData("abc", "a_c", true)]
    [InlineData("abc", "a__c", false)]
    [InlineData("abc", "b", false)]
    [InlineData("abc", "abc%%", true)]
    [InlineData("aab", "%ab", true)]
    [InlineData("a.c", "a.c", true)]
    [InlineData("abc", "a.c", false)]
    [InlineData("a\nc", "a_c", true)]
    [InlineData("a\nb\nc", "a%c", true)]
    [InlineData("😀", "_", true)]
    [InlineData("😀", "__", false)]
    [InlineData("x😀", "%_", true)]
    [InlineData("100%", "100%", true)]
    [InlineData("a\\b", "a\\b", true)]
    public void Like_is_over_the_whole_text_and_minds_the_case(string text, string pattern, bool matches) =>
        Assert.Equal(matches, new LikePattern(pattern, ignoreCase: false).Matches(text));

    [Theory]
    [InlineData("ABC", "a%C", true)]
    [InlineData("Été", "éT_", true)]
    [InlineData("ΣΑΣ", "σασ", true)]
    [InlineData("straße", "STRASSE", false)]
    [InlineData("i", "İ", false)]
    public void Ilike_ignores_the_case_of_each_character_whatever_the_culture(string text, string pattern, bool matches) =>
        Assert.Equal(matches, new LikePattern(pattern, ignoreCase: true).Matches(text));

    [Fact]
    public void Like_agrees_with_a_regular_expression() => Gen.Select(Texts, Patterns, Gen.Bool).Sample(static (text, pattern, ignoreCase) =>
        Assert.Equal(Translate(pattern, ignoreCase).IsMatch(text), new LikePattern(pattern, ignoreCase).Matches(text)), iter: 20_000);

    [Fact]
    public void Every_text_is_like_itself_and_like_anything() => Gen.String.Sample(static text =>
    {
        Assert.True(new LikePattern("%", ignoreCase: false).Matches(text));
        Assert.True(new LikePattern(text.Replace('%', '_'), ignoreCase: true).Matches(text));
    });

    [Fact]
    public void A_pattern_of_many_wildcards_does_not_explode()
    {
        var pattern = new LikePattern(string.Concat(Enumerable.Repeat("%a", 2_000)) + "b", ignoreCase: true);
        var watch = Stopwatch.StartNew();

        Assert.False(pattern.Matches(new string('a', 8_000)));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static Regex Translate(string pattern, bool ignoreCase)
    {
        var parts = pattern.EnumerateRunes().Select(static rune => rune.ToString() switch
        {
            "%" => "(?>[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[\\s\\S])*",
            "_" => "(?>[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[\\s\\S])",
            var other => Regex.Escape(other),
        });
        var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        return new Regex($"\\A{string.Concat(parts)}\\z", options, TimeSpan.FromSeconds(10));
    }
}
