using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Audit;

namespace ServerlessMeta.StorageTests.Access;

/// <summary>Tokens are made, found, trusted for a while and revoked, each change with its entry.</summary>
public sealed class TokenStoreTests(AzuriteFixture azurite)
{
    private static readonly Caller Root = new("root", Role.Admin, "local");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_tokens_of_one_name_are_one_caller()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var laptop = await store.Tokens.CreateAsync(new NewToken("ada", Role.Approver, "laptop"), Ct);
        var pipeline = await store.Tokens.CreateAsync(new NewToken("ada", Role.Writer, "pipeline"), Ct);

        var (one, other) = ((await store.Tokens.RecognizeAsync(laptop.Text, Ct)).Caller!, (await store.Tokens.RecognizeAsync(pipeline.Text, Ct)).Caller!);

        Assert.Equal(one.Name, other.Name);
        Assert.Equal((Role.Approver, Role.Writer), (one.Role, other.Role));
        Assert.NotEqual(one.Source, other.Source);
    }

    [Fact]
    public async Task Another_instance_refuses_a_revoked_token_within_half_a_minute()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: clock);
        await using var other = await Instance.StartAsync(store.Connection, store.Prefix, clock);
        var (token, text) = await store.Tokens.CreateAsync(new NewToken("ada", Role.Writer), Ct);
        Assert.NotNull((await other.Tokens.RecognizeAsync(text, Ct)).Caller);

        Assert.True((await store.Tokens.RevokeAsync(token.Id, Ct)).IsOk);

        Assert.Null((await store.Tokens.RecognizeAsync(text, Ct)).Caller);
        clock.Advance(TokenStore.Trusted - TimeSpan.FromSeconds(1));
        Assert.NotNull((await other.Tokens.RecognizeAsync(text, Ct)).Caller);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await other.Tokens.RecognizeAsync(text, Ct)).Caller);
    }

    [Fact]
    public async Task A_guess_costs_a_read_and_does_not_disturb_the_token_that_is_remembered()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (_, text) = await store.Tokens.CreateAsync(new NewToken("ada", Role.Writer), Ct);
        await store.Tokens.RecognizeAsync(text, Ct);
        var guess = text[..^1] + (text[^1] == '0' ? '1' : '0');

        Assert.Equal(1, await Instance.CountAsync(async () => Assert.Null((await store.Tokens.RecognizeAsync(guess, Ct)).Caller)));
        Assert.Equal(0, await Instance.CountAsync(async () => Assert.NotNull((await store.Tokens.RecognizeAsync(text, Ct)).Caller)));
        Assert.Equal(0, await Instance.CountAsync(async () => Assert.Null((await store.Tokens.RecognizeAsync("smt_' or 1 eq 1", Ct)).Caller)));
    }

    [Fact]
    public async Task Two_who_revoke_at_once_leave_one_entry()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        for (var round = 0; round < 5; round++)
        {
            var (token, _) = await store.Tokens.CreateAsync(new NewToken("ada", Role.Writer), Ct);

            var revoked = await Task.WhenAll(store.Tokens.RevokeAsync(token.Id, Ct), other.Tokens.RevokeAsync(token.Id, Ct));

            Assert.Equal(revoked[0].Value.RevokedAt, revoked[1].Value.RevokedAt);
            Assert.Equal(["token.create", "token.revoke"], (await ChainAsync(store, token.Id)).Select(static entry => entry.Action));
        }
    }

    [Fact]
    public async Task The_audit_knows_who_made_and_who_revoked_a_token()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        ApiToken token;
        using (Root.Act())
        {
            (token, _) = await store.Tokens.CreateAsync(new NewToken("ada", Role.Writer, "laptop", new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)), Ct);
        }
        using (new Caller("grace", Role.Admin, "principal").Act())
        {
            await store.Tokens.RevokeAsync(token.Id, Ct);
        }

        var entries = await ChainAsync(store, token.Id);

        Assert.Equal([("root", "local", "token.create"), ("grace", "principal", "token.revoke")], entries.Select(static entry => (entry.By, entry.Source, entry.Action)));
        Assert.All(entries, entry => Assert.Equal(($"token:{token.Id}", "ada"), (entry.Object, entry.Name)));
        Assert.Equal("role=writer expires=2100-01-01 00:00:00Z label=laptop", string.Join(' ', entries[0].Details.Select(static detail => $"{detail.Key}={detail.Value}")));
    }

    [Fact]
    public async Task The_audit_finds_tokens_by_their_source()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (token, _) = await store.Tokens.CreateAsync(new NewToken("ada", Role.Writer), Ct);
        var source = store.AuditSources.Single(static source => source.Kind == "token");

        var found = (await source.Locate(token.Id, Ct))!;
        var row = (await found.Partition.FindAsync(found.Home, null, Ct))!;

        Assert.True(source.Holds(row.RowKey) && source.HoldsHead(row.RowKey));
        Assert.Equal(found.Key, source.ObjectOf(row.RowKey));
        Assert.Equal(found.Partition, await source.Partitions(Ct).SingleAsync(Ct));
        Assert.Equal((await ChainAsync(store, token.Id))[0].Rows.Single().After, source.Digest(row));
        Assert.Null(await source.Locate("'", Ct));
        await store.AssertSoundAsync();
    }

    [Fact]
    public async Task A_token_that_was_put_into_the_table_by_hand_is_none()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var text = TokenText.New(DateTimeOffset.UnixEpoch);
        var forged = new ApiToken { Id = TokenText.IdOf(text)!, Name = "mallory", Role = Role.Admin, CreatedAt = DateTimeOffset.UnixEpoch, CreatedBy = "admin", Hash = [.. TokenText.HashOf(text)] };
        await store.Storage.Tokens.AddEntityAsync(TokenRow.From(forged), Ct);

        Assert.Null((await store.Tokens.RecognizeAsync(text, Ct)).Caller);
    }

    [Fact]
    public async Task A_token_that_was_changed_or_taken_away_behind_the_stores_back_is_found()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (raised, removed) = ((await store.Tokens.CreateAsync(new NewToken("ada", Role.Reader), Ct)).Token, (await store.Tokens.CreateAsync(new NewToken("grace", Role.Writer), Ct)).Token);
        await store.AssertSoundAsync();
        var row = (await store.Storage.Tokens.GetEntityAsync<Azure.Data.Tables.TableEntity>(TokenKeys.Partition, TokenKeys.Token(raised.Id), cancellationToken: Ct)).Value;
        row["role"] = "Admin";
        await store.Storage.Tokens.UpdateEntityAsync(row, row.ETag, Azure.Data.Tables.TableUpdateMode.Replace, Ct);
        await store.Storage.Tokens.DeleteEntityAsync(TokenKeys.Partition, TokenKeys.Token(removed.Id), cancellationToken: Ct);

        var (_, _, _, findings) = await store.VerifyAllAsync();

        Assert.Contains(findings, finding => finding.Object == $"token:{raised.Id}");
        Assert.Contains(findings, finding => finding.Object == $"token:{removed.Id}");
        Assert.Equal(2, findings.Select(static finding => finding.Object).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task A_token_is_whole_or_absent_whichever_request_fails(bool afterEffect, int retries)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var n = 1; n <= 4; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries);
            await using var faulty = await store.AnotherAsync(faults);
            var before = (await store.Tokens.ListAsync(1000, null, Ct)).Value.Items.Length;

            faults.Arm(n);
            var made = await TryAsync(async () => (await faulty.Tokens.CreateAsync(new NewToken("ada", Role.Writer), Ct)).Text);
            faults.Arm(int.MaxValue);

            var listed = (await store.Tokens.ListAsync(1000, null, Ct)).Value.Items;
            Assert.InRange(listed.Length - before, made is null ? 0 : 1, 1);
            Assert.All(await Task.WhenAll(listed.Select(token => ChainAsync(store, token.Id))), static chain => Assert.Single(chain));
            if (made is not null)
            {
                Assert.NotNull((await store.Tokens.RecognizeAsync(made, Ct)).Caller);
            }
        }
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task A_token_is_revoked_once_whichever_request_fails(bool afterEffect, int retries)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        for (var n = 1; n <= 5; n++)
        {
            var faults = new FaultPolicy(afterEffect, retries);
            await using var faulty = await store.AnotherAsync(faults);
            var (token, text) = await store.Tokens.CreateAsync(new NewToken("ada", Role.Writer), Ct);

            faults.Arm(n);
            var revoked = await TryAsync(async () => (await faulty.Tokens.RevokeAsync(token.Id, Ct)).Value);
            faults.Arm(int.MaxValue);

            if (revoked is not null)
            {
                Assert.Null((await store.Tokens.RecognizeAsync(text, Ct)).Caller);
            }
            var last = (await faulty.Tokens.RevokeAsync(token.Id, Ct)).Value;
            Assert.Equal((revoked ?? last).RevokedAt, last.RevokedAt);
            Assert.Equal(["token.create", "token.revoke"], (await ChainAsync(store, token.Id)).Select(static entry => entry.Action));
        }
    }

    private static Task<ImmutableArray<AuditEntryView>> ChainAsync(Instance store, string id) => store.SoundChainAsync($"token:{id}");

    private static async Task<T?> TryAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (Exception outage) when (Outage.IsAmbiguous(outage))
        {
            return null;
        }
    }
}
