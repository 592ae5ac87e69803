using ServerlessMeta.Tests.Triggers;
using ServerlessMeta.Ui.Triggers;

namespace ServerlessMeta.Tests.Ui;

public sealed class RuleSentenceTests
{
    [Theory]
    [InlineData("""{"signal":"performance"}""", "{}", "performance")]
    [InlineData("""{"signal":"performance","metric":"rmse","op":">=","enter":1.5,"exit":1}""", """{"m":2,"n":3}""", "performance rmse ≥ 1.5 (until 1), in 2 of the last 3 windows")]
    [InlineData("""{"any":[{"signal":"performance"},{"all":[{"signal":"predictionDrift"},{"signal":"dataDrift","metric":"js","top":2,"enter":0.1}]}]}""", "{}", "performance or (prediction drift and data drift js ≥ 0.1 of 2 columns)")]
    [InlineData("""{"not":{"signal":"missing","share":0.2,"enter":0.02}}""", "{}", "not missing values ≥ 0.02 of 20 % of the columns")]
    [InlineData("""{"signal":"staleness","enter":"P90D"}""", "{}", "the version is 90 days old")]
    [InlineData("""{"signal":"schedule","cron":"0 3 * * 1"}""", "{}", "at 0 3 * * 1 (UTC)")]
    [InlineData("""{"signal":"detector","metric":"adwin"}""", "{}", "the detector adwin gives an alarm")]
    public void Rule_is_said_in_words(string when, string aggregate, string expected) => Assert.Equal(expected, RuleSentence.Of(Ruling.On(when, aggregate)));

    [Fact]
    public void Limits_are_sentences() => Assert.Equal(
        ["Not again within 14 days of a trigger of the same target and actions.", "At most 1 in any 24 hours.", "Again after 7 days while it goes on firing.", "The first 2 windows of a new version are not counted.", "Sends to the queue retraining."],
        RuleSentence.Limits(Ruling.On("""{"signal":"performance"}""", """{"cooldown":"P14D","maxPerDay":1,"repeatAfter":"P7D"}""")));
}
