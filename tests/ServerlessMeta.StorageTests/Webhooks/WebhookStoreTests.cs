using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.StorageTests.Webhooks;

public sealed class WebhookStoreTests(AzuriteFixture azurite)
{
    private const string Url = "https://example.com/hook?key=abc";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static NewWebhook Wanted { get; } = new("hook", Url, [Hooking.Created]) { Secret = Hooking.Secret, Description = "d" };

    [Fact]
    public async Task What_was_created_is_found()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);

        var made = (await store.Webhooks.CreateAsync(Wanted, Ct)).Value;
        var found = await store.Webhooks.FindAsync(made.Id, Ct);

        Assert.Equal(("hook", Url, "d", WebhookStatus.Active, "registered_model.created"), (found!.Name, found.Url, found.Description, found.Status, string.Join(' ', found.Events)));
        Assert.Equal(made.CreatedAt, found.CreatedAt);
    }

    [Fact]
    public async Task Pages_of_any_size_give_the_whole_once_and_no_deleted_one()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var all = new List<WebhookId>();
        for (var i = 0; i < 7; i++)
        {
            all.Add((await store.Webhooks.CreateAsync(Wanted with { Name = $"hook{i}" }, Ct)).Value.Id);
        }
        await store.Webhooks.DeleteAsync(all[3], Ct);

        foreach (var size in (int[])[1, 2, 3, 6, 7, 1000])
        {
            var (found, token) = (new List<WebhookId>(), (string?)null);
            do
            {
                var page = (await store.Webhooks.ListAsync(size, token, Ct)).Value;
                found.AddRange(page.Items.Select(static webhook => webhook.Id));
                token = page.Next;
            }
            while (token is not null);
            Assert.Equal(all.Except([all[3]]).Select(static id => $"{id}").Order(StringComparer.Ordinal), found.Select(static id => $"{id}"));
        }
    }

    [Fact]
    public async Task Every_change_is_in_its_audit_chain_and_no_secret_is()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        using var _ = new Caller("ada", Role.Admin, "token:1").Act();
        var webhook = (await store.Webhooks.CreateAsync(Wanted, Ct)).Value;
        await store.Webhooks.UpdateAsync(webhook.Id, new WebhookUpdate { Secret = "other", Url = "https://example.com/hook?key=def" }, Ct);
        await store.Webhooks.UpdateAsync(webhook.Id, new WebhookUpdate { Status = WebhookStatus.Disabled }, Ct);
        await store.Webhooks.DeleteAsync(webhook.Id, Ct);

        var rows = await RowsAsync(store);
        var lines = rows.Where(static row => row.RowKey.StartsWith("j|", StringComparison.Ordinal)).Reverse().SelectMany(AuditRow.LinesOf).ToList();
        var entries = lines.Select(static line => AuditLine.Read(line)).ToList();
        Assert.Equal(["webhook.create", "webhook.update", "webhook.update", "webhook.delete"], entries.Select(static entry => entry.Action));
        Assert.All(entries, entry => Assert.Equal(("ada", "token:1", $"webhook:{webhook.Id}"), (entry.By, entry.Source, entry.Object)));
        Assert.Equal([.. lines.SkipLast(1).Select(static line => Convert.ToHexStringLower(AuditEntry.HashOf(line.Span)))], entries.Skip(1).Select(static entry => entry.Previous));
        Assert.Equal("url=changed secret=changed", string.Join(' ', entries[1].Details.Select(static fact => $"{fact.Key}={fact.Value}")));
        var home = rows.Single(static row => row.RowKey.StartsWith("w|", StringComparison.Ordinal));
        Assert.Equal(4, AuditHead.Of(home).Number);
        Assert.Equal(RowDigest.Of(home), entries[3].Rows.Single().After);
        Assert.DoesNotContain("url", home.Keys);
        Assert.DoesNotContain("secret", home.Keys);
        Assert.All(lines, static line => Assert.DoesNotContain("key=", Encoding.UTF8.GetString(line.Span), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_audit_finds_webhooks_by_the_source()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var webhook = (await store.Webhooks.CreateAsync(Wanted, Ct)).Value;
        var source = store.Webhooks.Audited();

        Assert.Equal(webhook.Id.ToString(), (await source.Locate(webhook.Id.ToString(), Ct))!.Key);
        Assert.Null(await source.Locate("x", Ct));
        Assert.Null(await source.Locate(WebhookId.New(DateTimeOffset.UnixEpoch).ToString(), Ct));
        Assert.All(await RowsAsync(store), row => Assert.Equal(row.RowKey[0] == 'w', source.Holds(row.RowKey)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_secret_is_encrypted_when_there_is_a_key(bool isKeyed)
    {
        var key = isKeyed ? Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) : "";
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: ("Webhooks:SecretKey", key));

        var webhook = (await store.Webhooks.CreateAsync(Wanted, Ct)).Value;

        var row = (await RowsAsync(store)).Single(static row => row.RowKey.StartsWith("w|", StringComparison.Ordinal));
        Assert.Equal(!isKeyed, Encoding.Latin1.GetString(row.GetBinary("secret")).Contains(Hooking.Secret, StringComparison.Ordinal));
        Assert.Equal(Hooking.Secret, Encoding.UTF8.GetString(new WebhookSecrets(key).Open(webhook.Id, webhook.Secret)!));
    }

    [Fact]
    public async Task Repeating_an_update_or_a_creation_with_a_key_changes_nothing_more()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var (first, again) = ((await store.Webhooks.CreateAsync(Wanted with { IdempotencyKey = "k" }, Ct)).Value, (await store.Webhooks.CreateAsync(Wanted with { IdempotencyKey = "k" }, Ct)).Value);
        var update = new WebhookUpdate { Name = "renamed", Secret = "other", Status = WebhookStatus.Disabled };
        await store.Webhooks.UpdateAsync(first.Id, update, Ct);
        var rows = (await RowsAsync(store)).Count;

        await store.Webhooks.UpdateAsync(first.Id, update, Ct);

        Assert.Equal(first.Id, again.Id);
        Assert.Equal(rows, (await RowsAsync(store)).Count);
    }

    [Fact]
    public async Task Both_of_two_updates_at_once_take_effect()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        await using var other = await store.AnotherAsync();
        var webhook = (await store.Webhooks.CreateAsync(Wanted, Ct)).Value;

        await Task.WhenAll(store.Webhooks.UpdateAsync(webhook.Id, new WebhookUpdate { Name = "a" }, Ct), other.Webhooks.UpdateAsync(webhook.Id, new WebhookUpdate { Description = "b" }, Ct));

        var now = await store.Webhooks.FindAsync(webhook.Id, Ct);
        Assert.Equal(("a", "b"), (now!.Name, now.Description));
    }

    [Fact]
    public async Task What_an_address_answered_disables_no_webhook_that_has_another_meanwhile()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var webhook = (await store.Webhooks.CreateAsync(Wanted, Ct)).Value;
        await store.Webhooks.UpdateAsync(webhook.Id, new WebhookUpdate { Url = "https://example.com/new" }, Ct);

        Assert.Equal(WebhookStatus.Active, (await store.Webhooks.DisableAsync(webhook.Id, Url, "gone", Ct)).Value.Status);
        Assert.Equal(WebhookStatus.Disabled, (await store.Webhooks.DisableAsync(webhook.Id, "https://example.com/new", "gone", Ct)).Value.Status);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("w}")]
    [InlineData("w|\u0001")]
    public async Task A_token_that_names_a_row_outside_of_the_list_is_refused(string rowKey)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var webhook = (await store.Webhooks.CreateAsync(Wanted, Ct)).Value;

        Assert.IsType<Failure.Invalid>((await store.Webhooks.ListAsync(10, PageToken.Write("webhook", rowKey), Ct)).Failure);
        Assert.Equal("pageToken", Assert.IsType<Failure.Invalid>((await store.Deliveries.ListAsync(webhook.Id, 10, PageToken.Write($"deliveries of {webhook.Id}", rowKey), Ct)).Failure).Field);
    }

    [Fact]
    public async Task What_does_not_exist_cannot_be_changed()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var webhook = (await store.Webhooks.CreateAsync(Wanted, Ct)).Value;
        Assert.True((await store.Webhooks.DeleteAsync(webhook.Id, Ct)).IsOk);

        Assert.IsType<Failure.NotFound>((await store.Webhooks.DeleteAsync(webhook.Id, Ct)).Failure);
        Assert.IsType<Failure.NotFound>((await store.Webhooks.UpdateAsync(webhook.Id, new WebhookUpdate { Name = "x" }, Ct)).Failure);
        Assert.Null(await store.Webhooks.FindAsync(webhook.Id, Ct));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task A_change_is_whole_or_absent_whichever_request_fails(bool afterEffect, int retries)
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        var faults = new FaultPolicy(afterEffect, retries);
        await using var faulty = await store.AnotherAsync(faults);
        for (var n = 1; n <= 6; n++)
        {
            var key = $"key {n}";
            faults.Arm(n);
            await TryAsync(() => faulty.Webhooks.CreateAsync(Wanted with { IdempotencyKey = key }, Ct));
            faults.Arm(int.MaxValue);
            var webhook = (await faulty.Webhooks.CreateAsync(Wanted with { IdempotencyKey = key }, Ct)).Value;

            faults.Arm(n);
            await TryAsync(() => faulty.Webhooks.UpdateAsync(webhook.Id, new WebhookUpdate { Name = "b" }, Ct));
            faults.Arm(int.MaxValue);
            Assert.Equal("b", (await faulty.Webhooks.UpdateAsync(webhook.Id, new WebhookUpdate { Name = "b" }, Ct)).Value.Name);

            faults.Arm(n);
            await TryAsync(() => faulty.Webhooks.DeleteAsync(webhook.Id, Ct));
            faults.Arm(int.MaxValue);
            await faulty.Webhooks.DeleteAsync(webhook.Id, Ct);

            Assert.Null(await store.Webhooks.FindAsync(webhook.Id, Ct));
            var actions = (await RowsAsync(store)).Where(row => row.RowKey.StartsWith($"j|{webhook.Id}", StringComparison.Ordinal)).Reverse().SelectMany(AuditRow.LinesOf).Select(static line => AuditLine.Read(line).Action);
            Assert.Equal(["webhook.create", "webhook.update", "webhook.delete"], actions);
        }
        Assert.Empty((await store.Webhooks.ListAsync(100, null, Ct)).Value.Items);
    }

    [Fact]
    public async Task Calls_cost_what_the_architecture_says()
    {
        await using var store = await Instance.StartAsync(azurite.ConnectionString);
        Webhook? webhook = null;

        Assert.Equal(1, await Instance.CountAsync(async () => webhook = (await store.Webhooks.CreateAsync(Wanted, Ct)).Value));
        Assert.Equal(1, await Instance.CountAsync(() => store.Webhooks.FindAsync(webhook!.Id, Ct)));
        Assert.Equal(1, await Instance.CountAsync(() => store.Webhooks.ListAsync(100, null, Ct)));
        Assert.Equal(2, await Instance.CountAsync(() => store.Webhooks.UpdateAsync(webhook!.Id, new WebhookUpdate { Name = "b" }, Ct)));
        Assert.Equal(2, await Instance.CountAsync(() => store.Webhooks.DeleteAsync(webhook!.Id, Ct)));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 9)]
    [InlineData(2, 14)]
    public async Task An_event_costs_what_the_architecture_says(int listening, int operations)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, settings: Hooking.Open);
        await using var quiet = await store.QuietAsync();
        for (var i = 0; i < listening; i++)
        {
            await store.CreateWebhookAsync(receiver.Url);
        }
        await quiet.CreateModelAsync(1);

        Assert.Equal(operations, await Instance.CountAsync(() => store.Dispatcher.SweepAsync(Ct)));
        Assert.Equal(2, await Instance.CountAsync(() => store.Dispatcher.SweepAsync(Ct)));
        Assert.Equal(listening, receiver.Calls.Count);
    }

    private static async Task TryAsync<T>(Func<Task<Result<T>>> call)
    {
        try
        {
            await call();
        }
        catch (Exception cut) when (cut is RequestFailedException || Outage.IsAmbiguous(cut))
        {
            // The caller does not know, and repeats it.
        }
    }

    private static async Task<List<TableEntity>> RowsAsync(Instance store)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in store.Storage.Webhooks.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {WebhookKeys.Partition}"), cancellationToken: Ct))
        {
            rows.Add(row);
        }
        return rows;
    }
}
