using System.Text;
using System.Text.Json;
using ServerlessMeta.Triggers;

namespace ServerlessMeta.Tests.Triggers;

/// <summary>The grammar of rules: what is read is written the same, and every fault is found by its path.</summary>
public sealed class GrammarTests
{
    private const string Whole = """
        {"id": "rule", "target": {"model": "bike/ö", "version": "champion", "experiment": "12"},
         "when": {"any": [
           {"signal": "performance", "metric": "rmse", "op": ">", "enter": 60, "exit": 50.5, "minN": 50, "alpha": 0.05, "minEffect": 5},
           {"all": [{"signal": "predictionDrift", "metric": "js", "enter": 0.1}, {"signal": "dataDrift", "metric": "psi", "top": 3, "enter": 0.25, "exit": 0.1}]},
           {"not": [{"signal": "missing", "share": 0.2, "enter": 0.02}, {"signal": "dataDrift"}]},
           {"signal": "newData", "enter": 10000}, {"signal": "newData", "metric": "share", "enter": 0.2}, {"signal": "staleness", "enter": "90.00:00:00"},
           {"signal": "schedule", "cron": "0 3 * * 1", "timeZone": "Europe/Berlin"}, {"signal": "detector", "metric": "adwin"}, {"signal": "conceptDrift"}]},
         "aggregate": {"m": 2, "n": 3, "cooldown": "1.06:00:00", "maxPerDay": 1, "quiet": ["* 22-23,0-5 * * *"], "timeZone": "Europe/Berlin", "repeatAfter": "P1W", "graceWindows": 1},
         "actions": [{"type": "serviceBus"}, {"type": "webhook", "secretRef": "hook", "url": "https://example.org/x"}, "none"], "mode": "auto"}
        """;

    [Fact]
    public void What_is_written_reads_as_the_same_rule()
    {
        var once = RuleText.Write(Ruling.Rule(Whole));
        var twice = RuleText.Write(Ruling.Rule(Encoding.UTF8.GetString(once)));

        Assert.Equal(Encoding.UTF8.GetString(once), Encoding.UTF8.GetString(twice));
        using var json = JsonDocument.Parse(once);
        Assert.Equal("P1DT6H", json.RootElement.GetProperty("aggregate").GetProperty("cooldown").GetString());
        Assert.Equal("P7D", json.RootElement.GetProperty("aggregate").GetProperty("repeatAfter").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("actions").GetArrayLength());
    }

    [Fact]
    public void A_rule_may_say_little()
    {
        var rule = Ruling.Rule("""{"target": {"monitor": "clicks"}, "when": {"signal": "dataDrift"}}""");

        Assert.Equal(("driftShare", 0.5, 1, 1, RuleMode.Suggest), (rule.When.Conditions.Single().Metric, rule.When.Conditions.Single().Enter, rule.Aggregate.M, rule.Aggregate.N, rule.Mode));
        Assert.Equal(new RuleAction.ServiceBus("retraining"), Assert.Single(rule.Actions));
    }

    [Fact]
    public void Every_fault_is_found_at_once_with_its_path()
    {
        var (_, faults) = Ruling.Read("""
            {"id": "other", "target": {"model": "m", "monitor": "x", "version": 0}, "extra": 1,
             "when": {"all": [{"signal": "wind"}, {"signal": "performance"}, {"any": []}, {"signal": "dataDrift", "metric": "psi", "top": 0, "op": "=", "exit": 1},
               {"signal": "performance", "metric": "rmse", "op": "<", "enter": 5, "exit": 4, "alpha": 1}, {"signal": "staleness", "enter": "P1Y"}, {"signal": "schedule", "cron": "x", "timeZone": "Nowhere/At"},
               {"not": {"signal": "schedule", "cron": "* * * * *"}}, {"signal": "newData", "enter": 0}, {"both": 1}, {"all": [], "any": []}, 7]},
             "aggregate": {"m": 3, "n": 2, "cooldown": "soon", "maxPerDay": 0, "quiet": ["x"], "repeatAfter": "PT1S"},
             "actions": [{"type": "mail"}, {"type": "webhook"}, {"type": "serviceBus", "entity": "metadata-ingest"}, {"type": "serviceBus", "url": "https://a"}], "mode": "loud"}
            """);

        Assert.Equal(
            [
                "actions[0].type", "actions[1].secretRef", "actions[2].entity", "actions[3].url", "aggregate.cooldown", "aggregate.m", "aggregate.maxPerDay", "aggregate.quiet[0]", "aggregate.repeatAfter", "extra", "id", "mode",
                "target.monitor", "target.version", "when.all[0].signal", "when.all[10]", "when.all[11]", "when.all[2].any", "when.all[3].enter", "when.all[3].op", "when.all[3].top", "when.all[4].alpha",
                "when.all[4].exit", "when.all[5].enter", "when.all[6].cron", "when.all[6].timeZone", "when.all[7].not", "when.all[8].enter", "when.all[9]", "when.all[9].both",
            ],
            faults.Select(static fault => fault.Field).Distinct().Where(static field => field is not "when.all[3].exit").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"target": {"experiment": "5"}, "when": {"signal": "dataDrift"}}""")]
    [InlineData("""{"target": {"model": "m"}, "when": {"signal": "runAnomaly"}}""")]
    [InlineData("""{"target": {"monitor": "m"}, "when": {"signal": "staleness", "enter": "P1D"}}""")]
    [InlineData("""{"target": {"model": "m"}, "when": {"signal": "performance", "baseline": "previous"}}""")]
    [InlineData("""{"target": {"model": "m"}, "when": {"signal": "detector", "metric": "adwin", "baseline": "rolling(2)"}}""")]
    [InlineData("""{"target": {"model": "m"}, "when": {"signal": "dataDrift"}, "actions": [{"type": "serviceBus", "entity": "Metadata-INGEST"}]}""")]
    [InlineData("""{"target": {}, "when": {"signal": "dataDrift"}}""")]
    [InlineData("""{"target": {"model": "m", "alias": "a", "version": 1}, "when": {"signal": "dataDrift"}}""")]
    [InlineData("""{"target": {"monitor": "m", "version": 1}, "when": {"signal": "dataDrift"}}""")]
    [InlineData("""{"target": {"experiment": "x"}, "when": {"signal": "runAnomaly"}}""")]
    [InlineData("""{"target": {"model": "m"}, "when": {"signal": "dataDrift", "column": "a", "metric": "driftShare"}}""")]
    [InlineData("""{"target": {"model": "m"}, "when": {"signal": "dataDrift", "column": "a", "top": 1, "metric": "psi", "enter": 1}}""")]
    [InlineData("""{"target": {"model": "m"}, "when": {"signal": "dataDrift", "baseline": "rolling(1)"}}""")]
    [InlineData("""{"target": {"model": "m"}, "when": {"signal": "dataDrift", "enter": 1e400}}""")]
    [InlineData("""{"target": {"model": "m"}, "when": {"signal": "performance", "column": "a"}}""")]
    [InlineData("""{"target": {"model": "m"}}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void What_makes_no_sense_is_refused(string json) => Assert.NotEmpty(Ruling.Read(json).Faults);

    [Fact]
    public void Trees_have_bounds()
    {
        const string Leaf = """{"signal": "dataDrift"}""";
        static string Nest(int depth) => depth == 0 ? Leaf : $$"""{"all": [{{Nest(depth - 1)}}]}""";
        static string Wide(int count) => $$"""{"any": [{{string.Join(", ", Enumerable.Repeat(Leaf, count))}}]}""";

        Assert.Empty(Ruling.Read($$"""{"target": {"model": "m"}, "when": {{Nest(7)}}}""").Faults);
        Assert.Contains("8 deep", Assert.Single(Ruling.Read($$"""{"target": {"model": "m"}, "when": {{Nest(8)}}}""").Faults).Detail, StringComparison.Ordinal);
        Assert.Empty(Ruling.Read($$"""{"target": {"model": "m"}, "when": {{Wide(20)}}}""").Faults);
        Assert.NotEmpty(Ruling.Read($$"""{"target": {"model": "m"}, "when": {{Wide(21)}}}""").Faults);
        Assert.Single(Ruling.Read($$$"""{"target": {"model": "m"}, "when": {"any": [{{{string.Join(", ", Enumerable.Repeat(Wide(18), 3))}}}]}}""").Faults);
    }

    [Theory]
    [InlineData("PT6H", 21_600)]
    [InlineData("P1DT1M", 86_460)]
    [InlineData("P2W", 1_209_600)]
    [InlineData("PT0S", 0)]
    [InlineData("1.02:03:04", 93_784)]
    [InlineData("00:30:00", 1800)]
    [InlineData("6:00:00", 21_600)]
    public void Durations_are_read_in_both_forms(string text, int seconds)
    {
        Assert.True(RuleDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
        Assert.True(RuleDuration.TryParse(RuleDuration.Write(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("-PT1H")]
    [InlineData("P99999D")]
    [InlineData("PT999999999H")]
    [InlineData("1.5")]
    [InlineData("24:00:00")]
    [InlineData("00:00:00.5")]
    [InlineData("P1D\n")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(RuleDuration.TryParse(text, out _));
}
