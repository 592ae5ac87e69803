using Azure;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;
using ServerlessMeta.StorageTests.Models;
using static ServerlessMeta.StorageTests.Models.Registering;
using static ServerlessMeta.StorageTests.Policies.Governing;

namespace ServerlessMeta.StorageTests.Policies;

/// <summary>What happens between what a gate read and the move it let through; and what storage failures leave.</summary>
public sealed class RaceTests(AzuriteFixture azurite)
{
    private const string OneOther = """{"higherIsBetter":{"accuracy":true},"aliases":{"production":{"approvals":{"count":1},"evaluations":"accuracy >= 0.9 on holdout"}}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("withdraw")]
    [InlineData("reject")]
    [InlineData("evaluate")]
    [InlineData("policy")]
    public async Task What_changes_meanwhile_makes_the_move_judge_anew(string what)
    {
        var between = new BetweenPolicy();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, faults: between);
        await using var other = await store.AnotherAsync();
        await other.RegisterByAuthorAsync(1);
        await other.SetPolicyAsync(OneOther);
        await other.EvaluateAsync(1, 0.95);
        Value(await other.SayAsync("ann", 1));
        between.Arm(async () => _ = what switch
        {
            "withdraw" => Value(await other.SayAsync("ann", 1, ApprovalDecision.Withdraw)).Approval.Id,
            "reject" => Value(await other.SayAsync("bob", 1, ApprovalDecision.Reject)).Approval.Id,
            "evaluate" => (await other.EvaluateAsync(1, 0.5)).Version,
            _ => (await other.SetPolicyAsync(OneOther.Replace("\"count\":1", "\"count\":2", StringComparison.Ordinal))).Number,
        });

        Assert.Single(UnmetOf(await store.PromoteAsync(1)));

        Assert.False((await other.ModelAsync(Model)).Aliases.ContainsKey("production"));
        Assert.Empty(await other.DecisionsAsync());
    }

    [Fact]
    public async Task Two_people_who_move_one_alias_at_once_leave_one_holder_and_a_decision_each()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        await store.RegisterByAuthorAsync(2);
        await store.SetPolicyAsync("""{"aliases":{"production":{"approvals":{"count":1}}}}""");
        Value(await store.SayAsync("ann", 1));
        Value(await store.SayAsync("ann", 2));

        var moved = await Task.WhenAll(store.PromoteAsync(1, "carl"), other.PromoteAsync(2, "dora"));

        Assert.All(moved, static one => Assert.True(one.IsOk));
        var decisions = await store.DecisionsAsync();
        Assert.Equal(2, decisions.Count);
        Assert.Equal((await store.ModelAsync(Model)).Aliases["production"], decisions[0].To);
        Assert.Equal(decisions[1].To, Assert.Single(decisions[0].From));
        var expected = new MoveTerms { Holder = decisions[1].To };
        Assert.IsType<Failure.Conflict>((await AsAsync("dora", Role.Writer, () => other.Aliases.SetAsync(Model, "production", decisions[1].To!.Value, expected, Ct))).Failure);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task Every_record_is_whole_or_absent_whichever_request_fails_and_may_be_made_again(bool afterEffect, int retries)
    {
        for (var n = 1; n <= 9; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries);
            await using var store = await Instance.StartAsync(azurite.ConnectionString);
            await using var faulty = await store.AnotherAsync(faults);
            await store.RegisterByAuthorAsync(1);

            await AgainAsync(() => faulty.Policies.PutAsync(Model, PolicyOf(OneOther), null, Ct));
            await AgainAsync(() => faulty.Evaluations.RecordAsync(Model, 1, Content(0.95), null, Ct));
            await AgainAsync(() => faulty.SayAsync("ann", 1));
            await AgainAsync(() => faulty.PromoteAsync(1));

            var model = await store.ModelAsync(Model);
            Assert.Single(Value(await store.Policies.ListAsync(model, 10, null, Ct)).Items);
            Assert.Single(Value(await store.Evaluations.ListAsync(model, 1, new(), 10, null, Ct)).Items);
            Assert.Single(Value(await store.Approvals.ListAsync(model, 1, null, 10, null, Ct)).Items);
            Assert.Equal(1, Assert.Single(await store.DecisionsAsync()).To);

            async Task AgainAsync<T>(Func<Task<Result<T>>> call)
            {
                faults.Arm(n);
                try
                {
                    Value(await call());
                }
                catch (Exception outage) when (outage is RequestFailedException or AggregateException)
                {
                    // Told so; it is made again.
                }
                faults.Arm(int.MaxValue);
                Value(await call());
            }
        }
    }

    private static PolicyContent PolicyOf(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return PolicyBody.Read(document.RootElement).Content!;
    }
}
