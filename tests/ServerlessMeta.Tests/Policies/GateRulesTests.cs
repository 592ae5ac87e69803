using System.Collections.Immutable;
using System.Text.Json;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;
using ServerlessMeta.Reproduction;
using ServerlessMeta.Runs;
using ServerlessMeta.Verifications;

namespace ServerlessMeta.Tests.Policies;

/// <summary>Which conditions hold of what is known.</summary>
public sealed class GateRulesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
    private static readonly MetricDirections Directions = new(EvaluationContent.NoDirections.Add("acc", true).Add("loss", false));

    [Theory]
    [InlineData("ann:approve bob:approve", ConditionState.Met)]
    [InlineData("ann:approve", ConditionState.Unmet)]
    [InlineData("ann:approve ANN:approve", ConditionState.Unmet)]
    [InlineData("ann:approve author:approve", ConditionState.Unmet)]
    [InlineData("ann:approve Author:approve", ConditionState.Unmet)]
    [InlineData("ann:approve bob:approve bob:withdraw", ConditionState.Unmet)]
    [InlineData("bob:withdraw ann:approve bob:approve", ConditionState.Met)]
    [InlineData("ann:approve bob:reject bob:approve", ConditionState.Met)]
    [InlineData("ann:approve:stage:Production bob:approve", ConditionState.Unmet)]
    [InlineData("ann:approve:alias:production bob:approve", ConditionState.Met)]
    [InlineData("ann:approve bob:approve bob:withdraw:stage:Production", ConditionState.Met)]
    [InlineData("ann:approve bob:approve bob:withdraw:alias:production", ConditionState.Unmet)]
    public void The_last_word_of_each_other_person_counts(string said, ConditionState state) =>
        Assert.Equal(state, Judge("""{"approvals":{"count":2}}""", Facts() with { Approvals = Said(said) })[0].State);

    [Fact]
    public void Approvals_of_other_content_or_too_low_a_role_do_not_count()
    {
        var facts = Facts() with { Approvals = [.. Said("ann:approve bob:approve").Select(static one => one.By == "ann" ? one with { Content = "before" } : one with { Role = Role.Approver })] };

        var found = Judge("""{"approvals":{"count":1,"role":"admin"}}""", facts)[0];

        Assert.Equal(ConditionState.Unmet, found.State);
        Assert.Contains("no longer those that were approved", found.Detail, StringComparison.Ordinal);
        Assert.Contains("less than admin", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rejection_blocks_whoever_approved_and_whatever_is_asked()
    {
        var found = Judge("{}", Facts() with { Approvals = Said("ann:approve bob:approve eve:reject") });

        Assert.Equal(("no rejection", ConditionState.Unmet, "approval:3"), (found[0].Condition, found[0].State, Assert.Single(found[0].Evidence)));
    }

    [Theory]
    [InlineData("acc >= 0.9 on d", ConditionState.Met)]
    [InlineData("acc > 0.9 on d", ConditionState.Unmet)]
    [InlineData("acc >= 0.9 on d digest a", ConditionState.Met)]
    [InlineData("acc >= 0.9 on d digest b", ConditionState.Unmet)]
    [InlineData("acc >= 0.9 on d slice s", ConditionState.Unmet)]
    [InlineData("acc >= 0.9 on other", ConditionState.Unmet)]
    [InlineData("low(acc) >= 0.85 on d", ConditionState.Met)]
    [InlineData("low(acc) >= 0.9 on d", ConditionState.Unmet)]
    [InlineData("high(acc) <= 1 on d", ConditionState.Unknown)]
    [InlineData("acc >= 0.9 on d n >= 100", ConditionState.Met)]
    [InlineData("acc >= 0.9 on d n >= 101", ConditionState.Unmet)]
    [InlineData("loss <= 1 on d n >= 1", ConditionState.Unknown)]
    public void Evaluations_are_held_to_their_conditions(string condition, ConditionState state)
    {
        var found = Judge(JsonSerializer.Serialize(new { evaluations = condition }), Facts() with { Measured = Measured("a", new("acc", 0.9, 100, 0.85), new("loss", 0.5)) })[1];

        Assert.Equal(state, found.State);
        Assert.Equal(found.Detail != "not evaluated", found.Evidence.Length == 1);
    }

    [Theory]
    [InlineData("acc", 0.8, 0.7, 0.1, ConditionState.Met)]
    [InlineData("acc", 0.8, 0.69, 0.1, ConditionState.Unmet)]
    [InlineData("acc", 0.8, 0.8, 0, ConditionState.Met)]
    [InlineData("acc", 0.8, 0.9, 0, ConditionState.Met)]
    [InlineData("loss", 0.7, 0.8, 0.1, ConditionState.Met)]
    [InlineData("loss", 0.7, 0.81, 0.1, ConditionState.Unmet)]
    public void A_version_may_be_worse_than_the_holder_by_so_much(string metric, double holders, double its, double by, ConditionState state) => Assert.Equal(state, NotWorse(
        metric, by, Facts() with { Holder = 1, Measured = Measured("a", new EvaluationMetric(metric, its)), HolderMeasured = Measured("a", new EvaluationMetric(metric, holders)) }).State);

    [Fact]
    public void What_cannot_be_compared_with_the_holder_is_unknown_and_a_rollback_is_not_compared()
    {
        var facts = Facts() with { Holder = 1, Measured = Measured("a", new EvaluationMetric("acc", 0.1)), HolderMeasured = Measured("b", new EvaluationMetric("acc", 0.9)) };

        Assert.Equal(ConditionState.Unknown, NotWorse("acc", 0, facts).State);
        Assert.Equal(ConditionState.Unknown, NotWorse("acc", 0, facts with { HolderMeasured = new([]) }).State);
        Assert.Equal(ConditionState.Unmet, NotWorse("acc", 0, facts with { Measured = new([]) }).State);
        Assert.Equal(ConditionState.Met, NotWorse("acc", 0, facts with { Holder = null }).State);
        Assert.Equal(ConditionState.Met, NotWorse("acc", 0, facts with { Holder = 2 }).State);
        var rollback = NotWorse("acc", 0, facts with { HeldBy = "7:alias:production" });
        Assert.Equal((ConditionState.Met, "decision:7:alias:production"), (rollback.State, Assert.Single(rollback.Evidence)));
    }

    [Fact]
    public void Without_drift_monitoring_nothing_is_free_of_drift()
    {
        Assert.Equal((ConditionState.Unknown, "no drift monitoring is there"), Drift(null));
        Assert.Equal((ConditionState.Met, "none"), Drift([]));
        Assert.Equal((ConditionState.Unmet, "1 open"), Drift(["x"]));

        static (ConditionState, string) Drift(IReadOnlyList<string>? alerts) => Judge("""{"noOpenDriftAlert":true}""", Facts() with { Alerts = alerts })[1] is var found ? (found.State, found.Detail) : default;
    }

    [Fact]
    public void A_run_must_be_reproducible()
    {
        Assert.Equal(ConditionState.Unmet, Reproducible(Facts() with { Version = Facts().Version with { Run = null } }));
        Assert.Equal(ConditionState.Unknown, Reproducible(Facts()));
        Assert.Equal(ConditionState.Met, Reproducible(Facts() with { Reproducibility = new(Verdict.Reproducible, []) }));
        Assert.Equal(ConditionState.Unmet, Reproducible(Facts() with { Reproducibility = new(Verdict.Degraded, []) }));

        static ConditionState Reproducible(GateFacts facts) => Judge("""{"reproducible":true}""", facts)[1].State;
    }

    [Fact]
    public void Hashes_must_be_verified_of_what_is_there_and_not_long_ago()
    {
        var fresh = new Verification { Id = 9, Version = 2, Content = "now", Files = 3, Bytes = 10, Faults = 0, Broken = [], At = Now.AddHours(-24), By = "ann" };

        Assert.Equal(ConditionState.Met, Verified(fresh));
        Assert.Equal(ConditionState.Unmet, Verified(fresh with { At = fresh.At.AddMilliseconds(-1) }));
        Assert.Equal(ConditionState.Unmet, Verified(fresh with { Content = "before" }));
        Assert.Equal(ConditionState.Unmet, Verified(fresh with { Faults = 1, Broken = ["a"] }));
        Assert.Equal(ConditionState.Unmet, Verified(null));
        Assert.Equal(ConditionState.Unknown, Judge("""{"hashesVerified":true}""", Facts() with { Content = new VersionContent("now", null), Verification = fresh })[1].State);

        static ConditionState Verified(Verification? last) => Judge("""{"hashesVerified":true}""", Facts() with { Verification = last })[1].State;
    }

    [Fact]
    public void Owner_and_description_may_stand_with_the_model()
    {
        var facts = Facts();
        const string Policy = """{"owner":true,"description":true}""";

        Assert.Equal([ConditionState.Met, ConditionState.Unmet, ConditionState.Unmet], Judge(Policy, facts).Select(static one => one.State));
        Assert.All(Judge(Policy, facts with { Model = facts.Model with { Owner = "o" }, Version = facts.Version with { Description = "d" } }), static one => Assert.Equal(ConditionState.Met, one.State));
    }

    [Fact]
    public void A_version_held_a_target_when_a_decision_gave_it_rightly_or_took_what_was_held_before()
    {
        var production = GateTarget.Parse("alias:production")!;
        var overridden = Decision(1, production, [5], 6) with { OverrideReason = "fire" };
        ImmutableArray<Decision> decisions = [Decision(4, production, [6], 7), Decision(3, GateTarget.Parse("alias:other")!, [], 9), Decision(2, production, [6], null), overridden];

        Assert.Equal("4:alias:production", Policies(7));
        Assert.Equal("1:alias:production", Policies(5));
        Assert.Null(Policies(6));
        Assert.Null(Policies(9));

        string? Policies(int version) => ServerlessMeta.Policies.Decision.FindHeld(decisions, production, version)?.Id;
    }

    private static (ConditionState State, ImmutableArray<string> Evidence) NotWorse(string metric, double by, GateFacts facts) =>
        Judge(JsonSerializer.Serialize(new { notWorseThanHolder = new { metric, by, dataset = "d" } }), facts)[1] is var found ? (found.State, found.Evidence) : default;

    private static ImmutableArray<ConditionResult> Judge(string gate, GateFacts facts)
    {
        using var json = JsonDocument.Parse($$$"""{"higherIsBetter":{"acc":true,"loss":false},"aliases":{"production":{{{gate}}}}}""");
        var (policy, faults) = PolicyBody.Read(json.RootElement);
        Assert.Empty(faults);
        return GateRules.Judge(policy!.Gates[0], Directions, facts);
    }

    private static GateFacts Facts() => new()
    {
        Model = new RegisteredModel { Number = 1, Name = "m", Stage = LifecycleStage.Active, CreatedAt = Now, UpdatedAt = Now, Revision = 1, LastVersion = 2 },
        Version = new ModelVersion { Model = 1, Number = 2, Source = "s3://b", Author = "author", CreatedAt = Now, UpdatedAt = Now, Run = RunId.Parse(new string('1', 32), null) },
        At = Now,
        Content = new VersionContent("now", []),
    };

    // "ann:approve bob:reject:stage:Production", the first said first.
    private static ImmutableArray<Approval> Said(string text) =>
    [
        .. text.Split(' ').Select(static (one, place) => one.Split(':', 3) is var parts ? new Approval
        {
            Id = place + 1,
            Version = 2,
            By = parts[0],
            Decision = Enum.Parse<ApprovalDecision>(parts[1], ignoreCase: true),
            For = parts.Length > 2 ? GateTarget.Parse(parts[2]) : null,
            Role = Role.Admin,
            At = Now,
            Content = "now",
            ByAuthor = parts[0] == "author",
        } : null!).Reverse(),
    ];

    private static Measurements Measured(string digest, params EvaluationMetric[] metrics) =>
        new([new Evaluation("e", 1, 2, new EvaluationContent { Dataset = "d", Digest = digest, Metrics = [.. metrics] }, Now, "me")]);

    private static Decision Decision(long revision, GateTarget target, ImmutableArray<int> from, int? to) => new()
    {
        Revision = revision,
        Target = target,
        From = from,
        To = to,
        At = Now,
        By = "me",
        Role = Role.Writer,
        Policy = 1,
        Conditions = [],
        ApprovedBy = [],
    };
}
