using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.StorageTests.Webhooks;

/// <summary>From the registry's outbox to a receiver on loopback.</summary>
public sealed class DispatchTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private WebhookReceiver receiver = null!;
    private Instance store = null!;
    private Instance quiet = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));

    public async ValueTask InitializeAsync()
    {
        receiver = await WebhookReceiver.StartAsync();
        store = await Instance.StartAsync(azurite.ConnectionString, time: Time, settings: Hooking.Open);
        quiet = await store.QuietAsync(Time);
    }

    public async ValueTask DisposeAsync()
    {
        await quiet.DisposeAsync();
        await store.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task An_event_is_sent_signed_and_logged()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        await quiet.CreateModelAsync(1, new("tags.team", "a"), new("tags.x.y", "ω\"<"));

        await store.Dispatcher.SweepAsync(Ct);

        var (headers, body, path) = Assert.Single(receiver.Calls);
        var delivery = Assert.Single(await store.LogAsync(webhook.Id));
        Assert.Equal("/hook application/json", $"{path} {headers["Content-Type"]}");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"entity":"registered_model","action":"created","timestamp":"2027-01-15T08:00:00.000000+00:00","data":{"name":"m1","description":null,"tags":{"team":"a","x.y":"ω\"<"}}}
            """), JsonNode.Parse(body)), body);
        Assert.Equal($"{delivery.Id}", headers["Delivery"]);
        Assert.Equal("1800000000", headers["Timestamp"]);
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Hooking.Secret), Encoding.UTF8.GetBytes($"{delivery.Id}.1800000000.{body}"))), headers["Signature"]);
        Assert.Equal((DeliveryStatus.Delivered, 1, 200, null, null), (delivery.Status, delivery.Attempts, delivery.HttpStatus, delivery.Error, delivery.NextAttemptAt));
        Assert.Equal("registered_model.created", delivery.Event);
        Assert.Empty(await WaitingAsync());
        Assert.Empty(await OutboxAsync());
    }

    [Fact]
    public async Task A_commit_sends_at_once_in_the_background_and_costs_its_caller_nothing()
    {
        await store.CreateWebhookAsync(receiver.Url);

        var operations = await Instance.CountAsync(() => store.CreateModelAsync(1));
        await SeenAsync(1);

        Assert.Equal(1, operations);
    }

    [Fact]
    public async Task Only_who_listens_is_told()
    {
        var (listens, other, disabled) = (await store.CreateWebhookAsync(receiver.Url), await store.CreateWebhookAsync(receiver.Url + "/other", Hooking.TagSet), await store.CreateWebhookAsync(receiver.Url));
        await store.Webhooks.UpdateAsync(disabled.Id, new WebhookUpdate { Status = WebhookStatus.Disabled }, Ct);
        await quiet.CreateModelAsync(1);

        await store.Dispatcher.SweepAsync(Ct);

        Assert.Single(receiver.Calls);
        Assert.Single(await store.LogAsync(listens.Id));
        Assert.Empty(await store.LogAsync(other.Id));
        Assert.Empty(await store.LogAsync(disabled.Id));
    }

    [Fact]
    public async Task Without_webhooks_the_outbox_is_emptied()
    {
        await quiet.CreateModelAsync(1);
        await quiet.SetTagAsync(1, "a");

        await store.Dispatcher.SweepAsync(Ct);

        Assert.Empty(await OutboxAsync());
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task A_receiver_that_is_down_for_an_hour_gets_everything_in_order_and_is_not_hammered()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        receiver.Answers(503);
        await quiet.CreateModelAsync(1);
        for (var minute = 0; minute < 60; minute++)
        {
            if (minute % 6 == 0)
            {
                await quiet.SetTagAsync(1, minute.ToString(CultureInfo.InvariantCulture));
            }
            await store.Dispatcher.SweepAsync(Ct);
            Time.Advance(TimeSpan.FromMinutes(1));
        }
        var whileDown = receiver.Calls.Count;
        Assert.InRange(whileDown, 4, 7);
        Assert.Single(receiver.Calls.Select(static call => call.Headers["Delivery"]).Distinct(StringComparer.Ordinal));

        receiver.Answers(204);
        for (var hour = 0; hour < 3 && (await WaitingAsync()).Count > 0; hour++)
        {
            Time.Advance(TimeSpan.FromMinutes(40));
            await store.Dispatcher.SweepAsync(Ct);
        }

        var values = receiver.Calls.Skip(whileDown).Select(static call => JsonNode.Parse(call.Body)!["data"]!["value"]?.ToString() ?? "created").ToList();
        Assert.Equal(["created", "0", "6", "12", "18", "24", "30", "36", "42", "48", "54"], values);
        Assert.Equal(11, receiver.Calls.Skip(whileDown).Select(static call => call.Headers["Delivery"]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(await store.LogAsync(webhook.Id), static delivery => Assert.Equal(DeliveryStatus.Delivered, delivery.Status));
    }

    [Fact]
    public async Task A_delivery_is_given_up_after_a_day_and_the_next_is_tried()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        receiver.Answers(500);
        await quiet.CreateModelAsync(1);
        for (var hour = 0; hour < 24; hour++)
        {
            await store.Dispatcher.SweepAsync(Ct);
            Time.Advance(TimeSpan.FromMinutes(75));
        }
        await quiet.SetTagAsync(1, "later");

        await store.Dispatcher.SweepAsync(Ct);

        var log = await store.LogAsync(webhook.Id);
        Assert.Equal([DeliveryStatus.Pending, DeliveryStatus.Failed], log.Select(static delivery => delivery.Status));
        Assert.Equal("The receiver answered 500. Given up after a day.", log[1].Error);
        Assert.InRange(log[1].Attempts, 15, 25);
    }

    [Fact]
    public async Task Gone_disables_the_webhook_and_says_why()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        receiver.Answers(410);
        await quiet.CreateModelAsync(1);
        await quiet.SetTagAsync(1, "a");

        await store.Dispatcher.SweepAsync(Ct);

        var now = await store.Webhooks.FindAsync(webhook.Id, Ct);
        Assert.Equal((WebhookStatus.Disabled, "127.0.0.1 answered 410 Gone."), (now!.Status, now.Reason));
        Assert.Single(receiver.Calls);
        var log = await store.LogAsync(webhook.Id);
        Assert.Equal(["The webhook is disabled: 127.0.0.1 answered 410 Gone.", "The receiver answered 410 Gone, so the webhook was disabled."], log.Select(static delivery => delivery.Error).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal([DeliveryStatus.Failed, DeliveryStatus.Cancelled], log.Select(static delivery => delivery.Status).Order());
        Assert.Empty(await WaitingAsync());
    }

    [Theory]
    [InlineData(400, DeliveryStatus.Failed, "The receiver answered 400.")]
    [InlineData(404, DeliveryStatus.Failed, "The receiver answered 404.")]
    [InlineData(302, DeliveryStatus.Failed, "The receiver answered 302: redirects are not followed.")]
    [InlineData(429, DeliveryStatus.Pending, "The receiver answered 429.")]
    [InlineData(408, DeliveryStatus.Pending, "The receiver answered 408.")]
    public async Task What_an_answer_means(int status, DeliveryStatus expected, string error)
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        receiver.Answer = context =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (status, receiver.Url + "/elsewhere");
            return Task.CompletedTask;
        };
        await quiet.CreateModelAsync(1);

        await store.Dispatcher.SweepAsync(Ct);

        var delivery = Assert.Single(await store.LogAsync(webhook.Id));
        Assert.Equal((expected, error), (delivery.Status, delivery.Error));
        Assert.Single(receiver.Calls);
    }

    [Fact]
    public async Task A_receiver_may_ask_to_be_left_alone()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        receiver.Answer = static context =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (429, "600");
            return Task.CompletedTask;
        };
        await quiet.CreateModelAsync(1);

        await store.Dispatcher.SweepAsync(Ct);

        Assert.Equal(Time.GetUtcNow() + TimeSpan.FromMinutes(10), Assert.Single(await store.LogAsync(webhook.Id)).NextAttemptAt);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_tried_again_and_one_that_answers_without_end_is_not_read()
    {
        var slow = await store.CreateWebhookAsync(receiver.Url + "/slow");
        var endless = await store.CreateWebhookAsync(receiver.Url + "/endless");
        receiver.Answer = static async context =>
        {
            if (context.Request.Path.Value!.EndsWith("slow", StringComparison.Ordinal))
            {
                await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, context.RequestAborted);
            }
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
            }
        };
        await quiet.CreateModelAsync(1);

        await store.Dispatcher.SweepAsync(Ct);

        var late = Assert.Single(await store.LogAsync(slow.Id));
        Assert.Equal((DeliveryStatus.Pending, null, "No answer within 5 seconds."), (late.Status, late.HttpStatus, late.Error));
        Assert.Equal(DeliveryStatus.Delivered, Assert.Single(await store.LogAsync(endless.Id)).Status);
    }

    [Fact]
    public async Task What_waits_for_a_webhook_that_is_deleted_is_cancelled()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        receiver.Answers(500);
        await quiet.CreateModelAsync(1);
        await store.Dispatcher.SweepAsync(Ct);

        await store.Webhooks.DeleteAsync(webhook.Id, Ct);
        await store.Dispatcher.SweepAsync(Ct);

        Assert.Equal((DeliveryStatus.Cancelled, "The webhook was deleted."), await store.LogAsync(webhook.Id) is [var delivery] ? (delivery.Status, delivery.Error) : default);
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task Redelivering_keeps_id_and_payload()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        receiver.Answers(400);
        await quiet.CreateModelAsync(1);
        await store.Dispatcher.SweepAsync(Ct);
        var failed = Assert.Single(await store.LogAsync(webhook.Id));
        Time.Advance(TimeSpan.FromDays(2));

        receiver.Answers(200);
        Assert.Equal(DeliveryStatus.Pending, (await store.Deliveries.RedeliverAsync(webhook.Id, failed.Id, Ct)).Value.Status);
        await store.Deliveries.RedeliverAsync(webhook.Id, failed.Id, Ct);
        await store.Dispatcher.SweepAsync(Ct);

        var calls = receiver.Calls.ToList();
        Assert.Equal(2, calls.Count);
        Assert.Equal((calls[0].Headers["Delivery"], calls[0].Body), (calls[1].Headers["Delivery"], calls[1].Body));
        Assert.Equal((DeliveryStatus.Delivered, 2), await store.LogAsync(webhook.Id) is [var delivery] ? (delivery.Status, delivery.Attempts) : default);
    }

    [Fact]
    public async Task Redelivering_what_waits_tries_it_now()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        receiver.Answers(503);
        await quiet.CreateModelAsync(1);
        await store.Dispatcher.SweepAsync(Ct);
        receiver.Answers(200);

        await store.Deliveries.RedeliverAsync(webhook.Id, Assert.Single(await store.LogAsync(webhook.Id)).Id, Ct);
        await store.Dispatcher.SweepAsync(Ct);

        Assert.Equal(DeliveryStatus.Delivered, Assert.Single(await store.LogAsync(webhook.Id)).Status);
    }

    [Fact]
    public async Task A_failing_model_does_not_hold_up_the_others()
    {
        await store.CreateWebhookAsync(receiver.Url);
        receiver.Answers(500);
        await quiet.CreateModelAsync(1);
        await store.Dispatcher.SweepAsync(Ct);
        receiver.Answers(200);
        await quiet.CreateModelAsync(2);

        await store.Dispatcher.SweepAsync(Ct);

        Assert.Equal(["m1", "m2"], receiver.Calls.Select(static call => JsonNode.Parse(call.Body)!["data"]!["name"]!.ToString()));
    }

    [Fact]
    public async Task Two_instances_at_once_send_each_event_once()
    {
        await store.CreateWebhookAsync(receiver.Url);
        await using var other = await Instance.StartAsync(store.Connection, store.Prefix, Time, settings: Hooking.Open);
        receiver.Answer = static context => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, context.RequestAborted);
        for (var model = 1; model <= 8; model++)
        {
            await quiet.CreateModelAsync(model);
            await quiet.SetTagAsync(model, "a");
        }

        await Task.WhenAll(store.Dispatcher.SweepAsync(Ct), other.Dispatcher.SweepAsync(Ct), store.Dispatcher.SweepAsync(Ct), other.Dispatcher.SweepAsync(Ct));
        await store.Dispatcher.SweepAsync(Ct);

        Assert.Equal(16, receiver.Calls.Count);
        Assert.Equal(16, receiver.Calls.Select(static call => call.Headers["Delivery"]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(receiver.Calls.Select(static call => JsonNode.Parse(call.Body)!).GroupBy(static call => call["data"]!["name"]!.ToString()), static calls => Assert.Equal(["created", "set"], calls.Select(static call => call["action"]!.ToString())));
    }

    [Fact]
    public async Task A_claim_of_an_instance_that_crashed_expires()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        await quiet.CreateModelAsync(1);
        receiver.Answers(503);
        await store.Dispatcher.SweepAsync(Ct);
        receiver.Answers(200);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(await store.Deliveries.ClaimAsync(Assert.Single(await WaitingAsync()), Ct));

        await store.Dispatcher.SweepAsync(Ct);
        Assert.Single(receiver.Calls);
        Time.Advance(TimeSpan.FromMinutes(4));
        await store.Dispatcher.SweepAsync(Ct);

        Assert.Equal(2, receiver.Calls.Count);
        Assert.Equal(DeliveryStatus.Delivered, Assert.Single(await store.LogAsync(webhook.Id)).Status);
    }

    [Fact]
    public async Task An_instance_whose_clock_is_an_hour_ahead_loses_nothing()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        await using var ahead = await Instance.StartAsync(store.Connection, store.Prefix, new FakeTimeProvider(Time.GetUtcNow().AddHours(1)), settings: Hooking.Open);
        receiver.Answers(503);
        await quiet.CreateModelAsync(1);
        await ahead.Dispatcher.SweepAsync(Ct);
        await quiet.SetTagAsync(1, "a");
        await store.Dispatcher.SweepAsync(Ct);
        Assert.Single(receiver.Calls);

        receiver.Answers(200);
        Time.Advance(TimeSpan.FromHours(2));
        await store.Dispatcher.SweepAsync(Ct);

        Assert.Equal(["created", "created", "set"], receiver.Calls.Select(static call => JsonNode.Parse(call.Body)!["action"]!.ToString()));
        Assert.All(await store.LogAsync(webhook.Id), static delivery => Assert.Equal(DeliveryStatus.Delivered, delivery.Status));
    }

    [Fact]
    public async Task More_events_than_are_taken_at_once_are_all_sent_in_order()
    {
        await store.CreateWebhookAsync(receiver.Url);
        await quiet.CreateModelAsync(1);
        for (var i = 0; i < 210; i++)
        {
            await quiet.SetTagAsync(1, i.ToString(CultureInfo.InvariantCulture));
        }

        await store.Dispatcher.SweepAsync(Ct);

        Assert.Equal(Enumerable.Range(0, 210).Select(static i => i.ToString(CultureInfo.InvariantCulture)), receiver.Calls.Skip(1).Select(static call => JsonNode.Parse(call.Body)!["data"]!["value"]!.ToString()));
    }

    [Fact]
    public async Task A_secret_under_another_key_is_never_replaced_by_no_signature()
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await using var keyed = await Instance.StartAsync(store.Connection, store.Prefix, Time, settings: [.. Hooking.Open, ("Webhooks:SecretKey", key)]);
        var webhook = await keyed.CreateWebhookAsync(receiver.Url);
        await quiet.CreateModelAsync(1);

        await store.Dispatcher.SweepAsync(Ct);
        Assert.Empty(receiver.Calls);
        Assert.StartsWith("The webhook's secret cannot be read", Assert.Single(await store.LogAsync(webhook.Id)).Error, StringComparison.Ordinal);
        store.Dispatcher.Dispose();
        Time.Advance(TimeSpan.FromMinutes(5));
        await keyed.Dispatcher.SweepAsync(Ct);

        Assert.Contains("Signature", receiver.Calls.Single().Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Tags_of_any_size_are_told_or_cut_but_never_lose_the_event()
    {
        await store.CreateWebhookAsync(receiver.Url);
        await quiet.CreateModelAsync(1, [.. Enumerable.Range(0, 5).Select(static i => KeyValuePair.Create($"tags.{i}", (string?)new string('x', 100_000)))]);
        await quiet.CreateModelAsync(2, [.. Enumerable.Range(0, 9).Select(static i => KeyValuePair.Create($"tags.{i}", (string?)new string('\u2028', 50_000)))]);

        await store.Dispatcher.SweepAsync(Ct);

        var (whole, cut) = (Tags(0), Tags(1));
        Assert.All(whole, static tag => Assert.Equal(100_000, tag.Value!.ToString().Length));
        Assert.All(cut, static tag => Assert.EndsWith("...", tag.Value!.ToString(), StringComparison.Ordinal));
        Assert.Equal((5, 9), (whole.Count, cut.Count));
        JsonObject Tags(int call) => JsonNode.Parse(receiver.Calls.ElementAt(call).Body)!["data"]!["tags"]!.AsObject();
    }

    [Fact]
    public async Task Old_deliveries_are_forgotten_unless_they_wait()
    {
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        await quiet.CreateModelAsync(1);
        await store.Dispatcher.SweepAsync(Ct);
        Time.Advance(TimeSpan.FromDays(29));
        await quiet.SetTagAsync(1, "new");
        await store.Dispatcher.SweepAsync(Ct);
        await store.Dispatcher.TrimAsync(Ct);
        Assert.Equal(2, (await store.LogAsync(webhook.Id)).Count);

        Time.Advance(TimeSpan.FromDays(2));
        await store.Dispatcher.TrimAsync(Ct);

        Assert.Equal("model_version_tag.set", Assert.Single(await store.LogAsync(webhook.Id)).Event);
    }

    private async Task SeenAsync(int calls)
    {
        for (var i = 0; i < 200 && receiver.Calls.Count < calls; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
        Assert.Equal(calls, receiver.Calls.Count);
    }

    private async Task<List<WaitingDelivery>> WaitingAsync()
    {
        var waiting = new List<WaitingDelivery>();
        await foreach (var one in store.Deliveries.ListWaitingAsync(Ct))
        {
            waiting.Add(one);
        }
        return waiting;
    }

    private async Task<List<string>> OutboxAsync()
    {
        var events = new List<string>();
        await foreach (var (rowKey, _) in store.ModelOutbox.ListAsync(1000, Ct))
        {
            events.Add(rowKey);
        }
        return events;
    }
}
