using ServerlessMeta.Audit;
using ServerlessMeta.Messages;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Models;
using ServerlessMeta.Triggers;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Triggers;

/// <summary>Rules as they are set, changed and deleted.</summary>
public sealed class RuleStoreTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rule_is_set_once_and_changed_under_its_revision()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        await store.RegisterBikeAsync();
        var rule = Watching.Read(Watching.Psi);

        var first = Value(await store.Rules.PutAsync("r1", rule, 0, Ct));
        var again = Value(await store.Rules.PutAsync("r1", rule, 0, Ct));
        var conflict = await store.Rules.PutAsync("r1", rule with { Mode = RuleMode.Off }, 0, Ct);
        var second = Value(await store.Rules.PutAsync("r1", rule with { Mode = RuleMode.Off }, 1, Ct));

        Assert.Equal((true, false, 1, 1), (first.IsNew, again.IsNew, first.Rule.Revision, again.Rule.Revision));
        Assert.IsType<Failure.Conflict>(conflict.Failure);
        Assert.Equal((2, RuleMode.Off, first.Rule.CreatedAt), (second.Rule.Revision, (await store.Rules.FindAsync("r1", Ct))!.Definition.Mode, second.Rule.CreatedAt));
        Assert.Equal(2, (await store.Rules.FindStateAsync("r1", Ct))!.Revision);
        await store.AssertAuditedAsync();
    }

    [Fact]
    public async Task A_deleted_rule_is_gone_and_goes_on_with_its_numbers_when_it_is_set_again()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        await store.RegisterBikeAsync();
        await store.SetRuleAsync();

        Assert.IsType<Failure.Conflict>((await store.Rules.DeleteAsync("r1", 7, Ct)).Failure);
        Assert.True((await store.Rules.DeleteAsync("r1", 1, Ct)).IsOk);
        Assert.IsType<Failure.NotFound>((await store.Rules.DeleteAsync("r1", null, Ct)).Failure);
        Assert.Null(await store.Rules.FindAsync("r1", Ct));
        Assert.Empty(Value(await store.Rules.ListAsync(null, 10, null, Ct)).Items);

        Assert.Equal(3, (await store.SetRuleAsync()).Revision);
        await store.AssertAuditedAsync();
        var entries = Value(await store.Audit.ListAsync(new AuditQuery { Object = "rule:r1" }, 10, null, Ct));
        Assert.Equal(["rule.create", "rule.delete", "rule.create"], entries.Items.Select(static entry => entry.Action));
    }

    [Fact]
    public async Task What_a_rule_names_must_be_there()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());

        Assert.Equal("target.model", Assert.IsType<Failure.Invalid>((await store.Rules.PutAsync("r1", Watching.Read(Watching.Psi), null, Ct)).Failure).Field);
        await store.RegisterBikeAsync();
        Assert.Equal("target.version", Assert.IsType<Failure.Invalid>((await store.Rules.PutAsync("r1", Watching.Read("""{"target": {"model": "bike", "version": 9}, "when": {"signal": "performance"}}"""), null, Ct)).Failure).Field);
        Assert.Equal("actions[0].secretRef", Assert.IsType<Failure.Invalid>((await store.Rules.PutAsync(
            "r1", Watching.Read("""{"target": {"model": "bike"}, "when": {"signal": "performance"}, "actions": [{"type": "webhook", "secretRef": "hook"}]}"""), null, Ct)).Failure).Field);
        Assert.True((await store.Rules.PutAsync("r1", Watching.Read("""{"target": {"monitor": "clicks"}, "when": {"signal": "dataDrift"}}"""), null, Ct)).IsOk);
    }

    [Fact]
    public async Task A_rule_by_earlier_windows_is_refused_where_it_is_known_that_nothing_is_compared_with_them()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        var bike = await store.RegisterBikeAsync();
        var (byPrevious, found) = (Watching.Read("""{"target": {"model": "bike"}, "when": {"signal": "dataDrift", "baseline": "previous"}}"""), new FoundTarget(bike, "bike", "/"));

        var unwatched = await store.Rules.PutAsync("r1", byPrevious, null, Ct);
        Value(await store.Watching.SetOptionsAsync(found, WatchOptions.Default, null, Ct));
        var refused = await store.Rules.PutAsync("r2", byPrevious, null, Ct);
        Value(await store.Watching.SetOptionsAsync(found, WatchOptions.Default with { Analysis = WatchOptions.Default.Analysis with { CompareWith = ["previous"] } }, null, Ct));
        var compared = await store.Rules.PutAsync("r2", byPrevious, null, Ct);

        Assert.True(unwatched.IsOk);
        Assert.Equal("when", Assert.IsType<Failure.Invalid>(refused.Failure).Field);
        Assert.True(compared.IsOk);
    }

    [Fact]
    public async Task Rules_are_listed_in_pages_and_by_model()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        var bike = await store.RegisterBikeAsync();
        for (var i = 0; i < 5; i++)
        {
            await store.SetRuleAsync(id: $"r{i}");
        }
        await store.SetRuleAsync("""{"target": {"monitor": "clicks"}, "when": {"signal": "dataDrift"}}""", "other");

        var (found, token) = (new List<string>(), (string?)null);
        do
        {
            var page = Value(await store.Rules.ListAsync(bike.Model, 2, token, Ct));
            found.AddRange(page.Items.Select(static rule => rule.Id));
            token = page.Next;
        }
        while (token is not null);

        Assert.Equal(["r0", "r1", "r2", "r3", "r4"], found.Order(StringComparer.Ordinal));
        Assert.Equal(6, Value(await store.Rules.ListAsync(null, 10, null, Ct)).Items.Length);
        Assert.IsType<Failure.Invalid>((await store.Rules.ListAsync(null, 10, "x", Ct)).Failure);
    }

    [Fact]
    public async Task Two_writers_at_once_make_one_rule_each_with_its_entry()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        await using var other = await Instance.StartAsync(store.Connection, store.Prefix, add: Watching.With());
        await store.RegisterBikeAsync();
        var rule = Watching.Read(Watching.Psi);

        var set = await Task.WhenAll(Enumerable.Range(1, 8).Select(n => (n % 2 == 0 ? store : other).Rules.PutAsync("r1", rule with { Aggregate = rule.Aggregate with { Cooldown = TimeSpan.FromHours(n) } }, null, Ct)));

        Assert.All(set, static one => Assert.True(one.IsOk));
        Assert.Equal(8, (await store.Rules.FindAsync("r1", Ct))!.Revision);
        await store.AssertAuditedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rule_is_set_once_whichever_request_fails(bool afterEffect)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With());
        await store.RegisterBikeAsync();
        var struck = true;
        for (var n = 1; struck; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries: 2);
            await using var faulty = await Instance.StartAsync(store.Connection, store.Prefix, faults: faults, add: Watching.With());
            faults.Arm(n);
            try
            {
                await faulty.Rules.PutAsync($"r{n}", Watching.Read(Watching.Psi), 0, Ct);
            }
            catch (Exception cut) when (Outage.IsAmbiguous(cut))
            {
                // The caller tries again.
            }
            struck = faults.Struck;
            faults.Arm(int.MaxValue);

            Assert.Equal(1, Value(await store.Rules.PutAsync($"r{n}", Watching.Read(Watching.Psi), 0, Ct)).Rule.Revision);
            await store.AssertAuditedAsync($"r{n}");
            Assert.True(n < 30);
        }
    }
}
