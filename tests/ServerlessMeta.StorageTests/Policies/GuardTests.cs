using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Artifacts;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;
using ServerlessMeta.StorageTests.Models;
using static ServerlessMeta.StorageTests.Models.Registering;
using static ServerlessMeta.StorageTests.Policies.Governing;

namespace ServerlessMeta.StorageTests.Policies;

/// <summary>Guarded aliases and stages move when their conditions are met, and what was decided is kept.</summary>
public sealed class GuardTests(AzuriteFixture azurite)
{
    private const string TwoOthers = """{"aliases":{"production":{"approvals":{"count":2}}}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guarded_alias_moves_when_all_conditions_are_met_and_every_unmet_one_is_told_before()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(2);
        await store.SetPolicyAsync("""{"higherIsBetter":{"accuracy":true},"aliases":{"production":{"approvals":{"count":2},"evaluations":"low(accuracy) >= 0.85 on holdout","owner":true,"noOpenDriftAlert":true}}}""");

        var before = await store.ModelAsync(Model);
        Assert.Equal(
            ["approvals of 2 persons other than the author: none", "evaluation low(accuracy) >= 0.85 on holdout: not evaluated", "no open drift alert: no drift monitoring is there", "an owner: neither version nor model has one"],
            UnmetOf(await store.PromoteAsync(1)));
        Assert.Equal(before.Revision, (await store.ModelAsync(Model)).Revision);
        Assert.Empty(await store.DecisionsAsync());

        await store.SetPolicyAsync("""{"higherIsBetter":{"accuracy":true},"aliases":{"production":{"approvals":{"count":2},"evaluations":"low(accuracy) >= 0.85 on holdout"}}}""");
        var evaluation = await store.EvaluateAsync(1, 0.92);
        var approvals = new[] { Value(await store.SayAsync("ann", 1)).Approval, Value(await store.SayAsync("bob", 1, target: Production)).Approval };
        Value(await store.PromoteAsync(1, "carl"));

        var decision = Assert.Single(await store.DecisionsAsync());
        Assert.Equal(("alias:production", 1, "carl", 2, false), (decision.Target.ToString(), decision.To, decision.By, decision.Policy, decision.IsOverride));
        Assert.Equal(["bob", "ann"], decision.ApprovedBy);
        Assert.Equal([$"approval:{approvals[1].Id}", $"approval:{approvals[0].Id}", $"evaluation:{evaluation.Id}"], decision.Conditions.SelectMany(static one => one.Evidence));
        Assert.All(decision.Conditions, static one => Assert.Equal(ConditionState.Met, one.State));
        Assert.Equal(1, (await store.ModelAsync(Model)).Aliases["production"]);
    }

    [Fact]
    public async Task Nobody_approves_his_own_version_where_the_policy_wants_others()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(1);
        Assert.True(Value(await store.SayAsync("author", 1, target: GateTarget.Parse("alias:old"))).Approval.ByAuthor);
        await store.SetPolicyAsync("""{"aliases":{"production":{"approvals":{"count":1}},"test":{"approvals":{"count":1,"notByAuthor":false}}}}""");

        Assert.Contains("author registered this version", Assert.IsType<Failure.Forbidden>((await store.SayAsync("Author", 1, target: Production)).Failure).Detail, StringComparison.Ordinal);
        Value(await store.SayAsync("author", 1));
        Value(await store.SayAsync("author", 1, ApprovalDecision.Reject));
        Value(await store.SayAsync("author", 1));

        Assert.Contains("1 by the author", Assert.Single(UnmetOf(await store.PromoteAsync(1))), StringComparison.Ordinal);
        Value(await AsAsync("mover", Role.Writer, () => store.Aliases.SetAsync(Model, "test", 1, MoveTerms.None, Ct)));
    }

    [Fact]
    public async Task A_rejection_blocks_until_it_is_withdrawn()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(1);
        await store.SetPolicyAsync("""{"aliases":{"production":{"approvals":{"count":1}}}}""");
        Value(await store.SayAsync("ann", 1));
        Assert.IsType<Failure.Clash>((await store.SayAsync("bob", 1, ApprovalDecision.Withdraw)).Failure);
        Assert.True(Value(await store.SayAsync("bob", 1, ApprovalDecision.Reject, comment: "unfair")).IsNew);
        Assert.False(Value(await store.SayAsync("bob", 1, ApprovalDecision.Reject)).IsNew);

        Assert.Equal(["no rejection: rejected by bob"], UnmetOf(await store.PromoteAsync(1)));
        Value(await store.SayAsync("bob", 1, ApprovalDecision.Withdraw));
        Assert.False(Value(await store.SayAsync("bob", 1, ApprovalDecision.Withdraw)).IsNew);
        Value(await store.PromoteAsync(1));

        var said = Value(await store.Approvals.ListAsync(await store.ModelAsync(Model), 1, null, 10, null, Ct)).Items;
        Assert.Equal([ApprovalDecision.Withdraw, ApprovalDecision.Reject, ApprovalDecision.Approve], said.Select(static one => one.Decision));
        Assert.Equal(2, Value(await store.Approvals.ListAsync(await store.ModelAsync(Model), 1, said[1].At, 10, null, Ct)).Items.Length);
    }

    [Fact]
    public async Task An_administrator_withdraws_the_word_of_somebody_who_left()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(1);
        await store.SetPolicyAsync("""{"aliases":{"production":{"owner":false}}}""");
        Value(await store.SayAsync("bob", 1, ApprovalDecision.Reject));
        UnmetOf(await store.PromoteAsync(1));

        Assert.IsType<Failure.Forbidden>((await WithdrawAsync("ann", Role.Approver, "bob")).Failure);
        Assert.IsType<Failure.Clash>((await WithdrawAsync("boss", Role.Admin, "eve")).Failure);
        var withdrawn = Value(await WithdrawAsync("boss", Role.Admin, "BOB"));
        Assert.Equal(("bob", "boss", true), (withdrawn.Approval.By, withdrawn.Approval.WithdrawnBy, withdrawn.IsNew));
        Assert.False(Value(await WithdrawAsync("boss", Role.Admin, "bob")).IsNew);
        Value(await store.PromoteAsync(1));

        Task<Result<(Approval Approval, bool IsNew)>> WithdrawAsync(string who, Role role, string of) =>
            AsAsync(who, role, () => store.Approvals.DecideAsync(Model, 1, new NewApproval(ApprovalDecision.Withdraw, "left the company", null, of), Ct));
    }

    [Fact]
    public async Task What_is_said_for_all_replaces_what_was_said_for_one_and_the_other_way()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(1);
        await store.SetPolicyAsync("""{"aliases":{"production":{"approvals":{"count":1}}}}""");
        Value(await store.SayAsync("ann", 1));
        Value(await store.SayAsync("ann", 1, ApprovalDecision.Withdraw, Production));
        UnmetOf(await store.PromoteAsync(1));

        Assert.True(Value(await store.SayAsync("ann", 1)).IsNew);
        Assert.False(Value(await store.SayAsync("ann", 1)).IsNew);
        Value(await store.SayAsync("ann", 1, ApprovalDecision.Reject, Production));
        Assert.Equal(2, UnmetOf(await store.PromoteAsync(1)).Count);
        Assert.True(Value(await store.SayAsync("ann", 1)).IsNew);

        Value(await store.PromoteAsync(1));
    }

    [Fact]
    public async Task An_approval_is_of_the_files_that_were_there()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.PutFileAsync("models/a/weights", "one");
        await store.RegisterByAuthorAsync(0);
        await AsAsync("author", Role.Writer, () => store.AddVersionAsync(Model, "store:/models/a"));
        await store.SetPolicyAsync("""{"aliases":{"production":{"approvals":{"count":1}}}}""");
        Value(await store.SayAsync("ann", 1));

        await store.PutFileAsync("models/a/weights", "two");
        Assert.Contains("no longer those that were approved", Assert.Single(UnmetOf(await store.PromoteAsync(1))), StringComparison.Ordinal);
        Assert.True(Value(await store.SayAsync("ann", 1)).IsNew);
        Value(await store.PromoteAsync(1));
    }

    [Fact]
    public async Task Hashes_are_verified_before_and_damage_is_found()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.PutFileAsync("models/a/weights", "one");
        await store.PutFileAsync("models/a/sub/more", "two");
        await store.RegisterByAuthorAsync(1);
        await store.AddVersionAsync(Model, "store:/models/a");
        await store.SetPolicyAsync("""{"aliases":{"production":{"hashesVerified":true}}}""");

        Assert.Contains("outside of this store", Assert.Single(UnmetOf(await store.PromoteAsync(1))), StringComparison.Ordinal);
        Assert.IsType<Failure.Clash>((await store.Verifications.VerifyAsync(Model, 1, Ct)).Failure);
        Assert.Contains("never verified", Assert.Single(UnmetOf(await store.PromoteAsync(2))), StringComparison.Ordinal);
        var verified = Value(await store.Verifications.VerifyAsync(Model, 2, Ct));
        Assert.Equal((2, 6, 0), (verified.Files, verified.Bytes, verified.Faults));
        Value(await store.PromoteAsync(2));

        var file = (await store.Artifacts.FindAsync(ArtifactPath.Parse("models/a/weights").Value, Ct))!;
        await store.Storage.Contents.GetBlobClient(file.Blob).UploadAsync(BinaryData.FromString("bad"), overwrite: true, Ct);
        Assert.Equal(["models/a/weights"], Value(await store.Verifications.VerifyAsync(Model, 2, Ct)).Broken);
        Value(await AsAsync("mover", Role.Writer, () => store.Aliases.DeleteAsync(Model, "production", MoveTerms.None, Ct)));
        Assert.Contains("1 of 2 files", Assert.Single(UnmetOf(await store.PromoteAsync(2))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_overrides_with_a_reason_and_it_stays_marked()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(2);
        await store.SetPolicyAsync(TwoOthers);

        Assert.IsType<Failure.Forbidden>((await store.PromoteAsync(1, "ann", Role.Approver, "fire")).Failure);
        Assert.IsType<Failure.Invalid>((await store.PromoteAsync(1, "boss", Role.Admin, " ")).Failure);
        Assert.IsType<Failure.Unmet>((await store.PromoteAsync(1, "boss", Role.Admin)).Failure);
        Value(await store.PromoteAsync(1, "boss", Role.Admin, "fire"));

        var decision = Assert.Single(await store.DecisionsAsync());
        Assert.Equal(("fire", "boss", ConditionState.Unmet), (decision.OverrideReason, decision.By, decision.Conditions[0].State));
        Value(await store.SayAsync("ann", 1));
        Value(await store.SayAsync("bob", 1));
        Value(await AsAsync("mover", Role.Writer, () => store.Aliases.DeleteAsync(Model, "production", MoveTerms.None, Ct)));
        Value(await store.PromoteAsync(1, "boss", Role.Admin, "not needed"));
        Assert.Equal([false, false, true], (await store.DecisionsAsync()).Select(static one => one.IsOverride));
        Assert.Equal([1], (await store.ModelAsync(Model)).Overridden);
        var gates = Value(await store.Gates.JudgeAsync(await store.ModelAsync(Model), 1, [], Ct));
        Assert.True(gates.Overridden && gates.Gates[0].Overridden && gates.Gates[0].Open);
        Assert.False(gates.Gates[0].Decision!.Overridden);
    }

    [Fact]
    public async Task A_former_holder_comes_back_without_being_compared_but_an_overridden_one_does_not()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(4);
        Value(await store.PromoteAsync(1));
        await store.SetPolicyAsync("""{"higherIsBetter":{"accuracy":true},"aliases":{"production":{"approvals":{"count":1},"notWorseThanHolder":{"metric":"accuracy","by":0.01,"dataset":"holdout"}}}}""");
        foreach (var (version, accuracy) in new[] { (1, 0.8), (2, 0.9), (3, 0.5), (4, 0.895) })
        {
            await store.EvaluateAsync(version, accuracy);
            Value(await store.SayAsync("ann", version));
        }

        Value(await store.PromoteAsync(2));
        Assert.Contains("0.5, the holder's (version 2) 0.9", Assert.Single(UnmetOf(await store.PromoteAsync(3))), StringComparison.Ordinal);
        Value(await store.PromoteAsync(3, "boss", Role.Admin, "trial"));
        Value(await store.PromoteAsync(1));
        Value(await store.PromoteAsync(2));
        Assert.Single(UnmetOf(await store.PromoteAsync(3)));
        Value(await store.PromoteAsync(4));
        Value(await store.PromoteAsync(1));
        Value(await store.SayAsync("bob", 2, ApprovalDecision.Reject));
        Assert.Equal(["no rejection: rejected by bob"], UnmetOf(await store.PromoteAsync(2)));
    }

    [Fact]
    public async Task Taking_the_alias_away_is_no_way_around_the_comparison()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(3);
        await store.SetPolicyAsync("""{"higherIsBetter":{"accuracy":true},"aliases":{"production":{"notWorseThanHolder":{"metric":"accuracy","dataset":"holdout"}}}}""");
        foreach (var (version, accuracy) in new[] { (1, 0.9), (2, 0.5), (3, 0.95) })
        {
            await store.EvaluateAsync(version, accuracy);
        }
        Value(await store.PromoteAsync(1));
        await DeleteAsync();

        Assert.Contains("0.5, the last holder's (version 1) 0.9", Assert.Single(UnmetOf(await store.PromoteAsync(2))), StringComparison.Ordinal);
        // Nor is it to be let in once, and taken away again.
        Value(await store.PromoteAsync(2, "boss", Role.Admin, "trial"));
        await DeleteAsync();
        Assert.Contains("the last holder's (version 1) 0.9", Assert.Single(UnmetOf(await store.PromoteAsync(2))), StringComparison.Ordinal);
        Value(await store.PromoteAsync(1));
        await DeleteAsync();
        Value(await store.PromoteAsync(3));

        async Task DeleteAsync() => Value(await AsAsync("mover", Role.Writer, () => store.Aliases.DeleteAsync(Model, "production", MoveTerms.None, Ct)));
    }

    [Fact]
    public async Task Stages_are_guarded_with_all_that_a_transition_archives_in_one_decision()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(2);
        await store.SetPolicyAsync("""{"stages":{"Production":{"approvals":{"count":1},"keepHolder":true}}}""");
        Value(await store.SayAsync("ann", 1));
        Value(await TransitionAsync(1, ModelStage.Production));

        UnmetOf(await TransitionAsync(2, ModelStage.Production));
        Assert.Equal(["a version holds it: none would; give it to another version"], UnmetOf(await TransitionAsync(1, ModelStage.Archived)));
        UnmetOf(await AsAsync("mover", Role.Writer, () => store.ModelVersions.DeleteAsync(Model, 1, Ct)));
        Value(await store.SayAsync("ann", 2));
        Value(await TransitionAsync(2, ModelStage.Production, archive: true));

        Assert.Equal((ModelStage.Archived, ModelStage.Production), ((await store.ModelAsync(Model)).StageOf(1), (await store.ModelAsync(Model)).StageOf(2)));
        var decision = (await store.DecisionsAsync())[0];
        Assert.Equal(("stage:Production", 2, 1), (decision.Target.ToString(), decision.To, Assert.Single(decision.From)));

        Task<Result<RegisteredVersion>> TransitionAsync(int version, ModelStage stage, bool archive = false) =>
            AsAsync("mover", Role.Writer, () => store.Aliases.TransitionAsync(Model, version, stage, archive, MoveTerms.None, Ct));
    }

    [Fact]
    public async Task A_holder_can_be_taken_away_at_once_and_the_decision_says_so()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(1);
        Value(await store.PromoteAsync(1));
        await store.SetPolicyAsync(TwoOthers);

        Value(await AsAsync("mover", Role.Writer, () => store.ModelVersions.DeleteAsync(Model, 1, Ct)));

        var decision = Assert.Single(await store.DecisionsAsync());
        Assert.Equal((null, 1), (decision.To, Assert.Single(decision.From)));
    }

    [Fact]
    public async Task A_guarded_model_is_renamed_and_deleted_by_administrators_alone()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(1);
        await store.SetPolicyAsync(TwoOthers);

        Assert.IsType<Failure.Forbidden>((await AsAsync("mover", Role.Writer, () => store.Registry.RenameAsync(Model, "other", Ct))).Failure);
        Assert.IsType<Failure.Forbidden>((await AsAsync("mover", Role.Approver, () => store.Registry.DeleteAsync(Model, Ct))).Failure);
        await store.SetPolicyAsync("{}");
        Value(await AsAsync("mover", Role.Writer, () => store.Registry.RenameAsync(Model, "other", Ct)));
    }

    [Fact]
    public async Task Each_state_of_a_policy_is_kept_and_the_same_is_no_change()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await store.RegisterByAuthorAsync(1);
        var model = await store.ModelAsync(Model);
        Assert.Null(await store.Policies.FindAsync(model, (DateTimeOffset?)null, Ct));
        var first = await store.SetPolicyAsync(TwoOthers);
        Assert.Equal(1, (await store.SetPolicyAsync(TwoOthers)).Number);
        var second = await store.SetPolicyAsync("{}");
        var third = await store.SetPolicyAsync("""{"aliases":{"a":{}}}""");

        Assert.Equal((2, 3), (second.Number, third.Number));
        Assert.Equal(3, (await store.ModelAsync(Model)).Policy);
        Assert.Equal([3, 2, 1], Value(await store.Policies.ListAsync(model, 10, null, Ct)).Items.Select(static one => one.Number));
        Assert.IsType<Failure.Conflict>((await store.Policies.PutAsync(Model, PolicyContent.Empty, 2, Ct)).Failure);
        Assert.Equal(4, Value(await store.Policies.PutAsync(Model, PolicyContent.Empty, 3, Ct)).Number);
        Assert.Equal(0, (await store.ModelAsync(Model)).Policy);
        Assert.Equal(first.Number, (await store.Policies.FindAsync(model, second.At.AddMilliseconds(-1), Ct))!.Number);
        Assert.Null(await store.Policies.FindAsync(model, first.At.AddMilliseconds(-1), Ct));
    }
}
