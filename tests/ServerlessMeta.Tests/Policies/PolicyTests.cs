using System.Text;
using System.Text.Json;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;

namespace ServerlessMeta.Tests.Policies;

/// <summary>What policies may say, and that what is kept of them reads as the same.</summary>
public sealed class PolicyTests
{
    private const string Whole = """
        {"higherIsBetter": {"loss": false, "accuracy": true},
         "stages": {"production": {"evaluations": "loss < 1 on holdout"}, "Staging": {}},
         "aliases": {"production": {
            "approvals": {"count": 2, "notByAuthor": true, "role": "admin"},
            "evaluations": ["accuracy >= 0.9 on holdout", {"metric": "recall", "bound": "low", "operator": ">=", "value": 0.8, "dataset": "holdout", "slice": "a b", "digest": "1A", "n": 500}],
            "notWorseThanHolder": {"metric": "accuracy", "by": 0.01, "dataset": "holdout"},
            "noOpenDriftAlert": true, "reproducible": true, "hashesVerified": true, "owner": true, "description": true, "keepHolder": true}}}
        """;

    [Fact]
    public void What_is_kept_reads_as_what_was_set()
    {
        var policy = Read(Whole).Content!;
        var written = PolicyText.Write(policy);

        Assert.Equal(written, PolicyText.Write(Read(Encoding.UTF8.GetString(written)).Content!));
        Assert.Equal(["alias:production", "stage:Production", "stage:Staging"], policy.Gates.Select(static gate => gate.Target.ToString()));
        var gate = policy.Gates[0];
        Assert.Equal(new ApprovalCondition(2, true, Role.Admin), gate.Approvals);
        Assert.Equal(["accuracy >= 0.9 on holdout", "low(recall) >= 0.8 on holdout digest 1A slice \"a b\" n >= 500"], gate.Evaluations.Select(static one => one.ToString()));
        Assert.Equal([new HolderCondition("accuracy", 0.01, "holdout", null, null)], gate.NotWorseThanHolder);
        Assert.Equal((true, true, 24, true, true, true), (gate.NoOpenDriftAlert, gate.Reproducible, gate.VerifiedWithinHours, gate.NeedsOwner, gate.NeedsDescription, gate.KeepHolder));
    }

    [Fact]
    public void Absent_members_have_the_careful_meaning()
    {
        var gate = Read("""{"aliases":{"a":{"approvals":{"count":1}}}}""").Content!.Gates[0];

        Assert.Equal(new ApprovalCondition(1, true, Role.Approver), gate.Approvals);
        Assert.Empty(Read("{}").Content!.Gates);
    }

    [Fact]
    public void Every_fault_is_found_at_once()
    {
        var faults = Read("""
            {"more":1,"higherIsBetter":{"a":1},
             "aliases":{"bad name":{},"p":{"approvals":{"count":0,"role":"writer","x":1},"evaluations":["accuracy 0.9",{"metric":"m"},7,"a > 1 on d","a > 1.0 on d"],
                        "notWorseThanHolder":[{"metric":"m","by":-1}],"hashesVerified":{"withinHours":0},"owner":"me","what":1}},
             "stages":{"Archived":{},"production":{},"Production":{}}}
            """).Faults.Select(static fault => fault.Field).ToList();

        Assert.Equal(
            ["more", "higherIsBetter.a", "aliases.bad name", "aliases.p.what", "aliases.p.approvals.x", "aliases.p.approvals.role", "aliases.p.approvals.count", "aliases.p.evaluations[0]",
                "aliases.p.evaluations[1].operator", "aliases.p.evaluations[1].value", "aliases.p.evaluations[1].dataset", "aliases.p.evaluations[2]", "aliases.p.evaluations",
                "aliases.p.notWorseThanHolder[0].metric", "aliases.p.notWorseThanHolder[0].by", "aliases.p.notWorseThanHolder[0].dataset", "aliases.p.hashesVerified.withinHours", "aliases.p.owner",
                "stages.Archived", "stages.Production"],
            faults);
    }

    [Theory]
    [InlineData("""{"aliases":{"p":{"evaluations":"\"a\u0000\" > 1 on d"}}}""")]
    [InlineData("""{"aliases":[]}""")]
    [InlineData("""{"aliases":{"p":true}}""")]
    [InlineData("""{"aliases":{"p":{"hashesVerified":3}}}""")]
    [InlineData("""{"aliases":{"\ud800":{}}}""")]
    [InlineData("7")]
    public void Hostile_policies_are_refused(string json) => Assert.NotEmpty(Read(json).Faults);

    private static (PolicyContent? Content, IReadOnlyList<Failure.Invalid> Faults) Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return PolicyBody.Read(document.RootElement);
    }
}
