using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Platform;
using ServerlessMeta.StorageTests.Webhooks;
using ServerlessMeta.Triggers;
using ServerlessMeta.Webhooks;
using static ServerlessMeta.StorageTests.Models.Registering;

namespace ServerlessMeta.StorageTests.Triggers;

/// <summary>What is sent of triggers: to the broker and to webhooks, at least once, each time with the same id.</summary>
public sealed class DispatchTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task Nothing_is_lost_whichever_request_fails(bool afterEffect, int retries)
    {
        var struck = true;
        for (var n = 1; struck; n++)
        {
            var (time, bus, faults) = (new FakeTimeProvider(Watching.Start), new RecordingBus(), new FaultPolicy(afterEffect, retries));
            await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(bus));
            store.TriggerDispatcher.Dispose();
            await using var faulty = await Instance.StartAsync(store.Connection, store.Prefix, time, faults, Watching.With(bus));
            await using var healthy = await Instance.StartAsync(store.Connection, store.Prefix, time, add: Watching.With(bus));
            var bike = await store.RegisterBikeAsync();
            await store.SetRuleAsync();
            await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);

            faults.Arm(n);
            try
            {
                await faulty.TriggerDispatcher.SweepAsync(Ct);
            }
            catch (Exception cut) when (Outage.IsAmbiguous(cut))
            {
                // As a crash would leave it.
            }
            struck = faults.Struck;
            faults.Arm(int.MaxValue);
            time.Advance(TimeSpan.FromMinutes(5));
            await healthy.TriggerDispatcher.SweepAsync(Ct);

            var trigger = Assert.Single(await store.TriggersAsync());
            Assert.InRange(bus.Sent.Count, 1, 2);
            Assert.All(bus.Sent, one => Assert.Equal(trigger.Id, one.Message.Id));
            Assert.Empty(await store.RowsAsync(TriggerKeys.Outbox));
            Assert.Equal(TriggerDeliveryStatus.Sent, Assert.Single(await store.Triggers.ListDeliveriesAsync(trigger.Id, Ct)).Status);
            Assert.True(n < 30);
        }
    }

    [Fact]
    public async Task A_broker_that_is_down_for_hours_loses_nothing()
    {
        var (time, bus) = (new FakeTimeProvider(Watching.Start), new RecordingBus { IsDown = true });
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(bus));
        var trigger = await FireAsync(store);

        for (var minute = 0; minute < 180; minute += 5)
        {
            await store.TriggerDispatcher.SweepAsync(Ct);
            time.Advance(TimeSpan.FromMinutes(5));
        }
        Assert.InRange(bus.Attempts, 6, 11);
        bus.IsDown = false;
        time.Advance(TimeSpan.FromMinutes(75));
        await store.TriggerDispatcher.SweepAsync(Ct);

        Assert.Equal(trigger.Id, Assert.Single(bus.Sent.Select(static one => one.Message.Id).Distinct()));
        Assert.False((await store.Triggers.FindAsync(trigger.Id, Ct))!.IsUndelivered);
    }

    [Fact]
    public async Task What_is_given_up_is_marked_and_can_be_sent_again()
    {
        var (time, bus) = (new FakeTimeProvider(Watching.Start), new RecordingBus { IsDown = true });
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(bus));
        var trigger = await FireAsync(store);
        for (var attempt = 0; attempt < 30; attempt++)
        {
            await store.TriggerDispatcher.SweepAsync(Ct);
            time.Advance(TimeSpan.FromMinutes(80));
        }

        Assert.Equal(BusSchedule.Attempts, bus.Attempts);
        Assert.True((await store.Triggers.FindAsync(trigger.Id, Ct))!.IsUndelivered);
        Assert.Equal(trigger.Id, Assert.Single(Value(await store.Triggers.ListAsync(new TriggerFilter(IsUndelivered: true), 10, null, Ct)).Items).Id);
        var dead = Assert.Single((await store.TriggerReader.ReadAsync(trigger, Ct)).Deliveries!.Value);
        Assert.Equal((TriggerDeliveryStatus.Dead, 12), (dead.Status, dead.Attempts));
        Assert.Contains("Given up", dead.Error, StringComparison.Ordinal);

        bus.IsDown = false;
        Value(await store.Triggers.RedeliverAsync(trigger.Id, Ct));
        Value(await store.Triggers.RedeliverAsync(trigger.Id, Ct));
        await store.TriggerDispatcher.SweepAsync(Ct);
        Assert.Equal(trigger.Id, Assert.Single(bus.Sent).Message.Id);
        Assert.False((await store.Triggers.FindAsync(trigger.Id, Ct))!.IsUndelivered);
        await store.AssertAuditedAsync();
    }

    [Fact]
    public async Task What_was_given_up_is_sent_again_also_when_the_mark_is_missing()
    {
        var bus = new RecordingBus();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With(bus));
        var trigger = await FireAsync(store);
        await store.TriggerDispatcher.SweepAsync(Ct);
        var sent = Assert.Single(await store.Triggers.ListDeliveriesAsync(trigger.Id, Ct));
        var row = (await store.TriggerTable.FindAsync(TriggerKeys.Delivery(trigger.Id, sent.Number), Ct))!;
        await store.TriggerTable.Table.UpdateEntityAsync(TriggerDeliveryRow.State(sent with { Status = TriggerDeliveryStatus.Dead }), row.ETag, Azure.Data.Tables.TableUpdateMode.Merge, Ct);

        Value(await store.Triggers.RedeliverAsync(trigger.Id, Ct));
        await store.TriggerDispatcher.SweepAsync(Ct);

        Assert.Equal(2, bus.Sent.Count(one => one.Message.Id == trigger.Id));
        await store.AssertAuditedAsync();
    }

    [Fact]
    public async Task A_request_that_the_broker_lost_can_be_sent_again_until_somebody_answers()
    {
        var bus = new RecordingBus();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With(bus));
        var trigger = await FireAsync(store);
        await store.TriggerDispatcher.SweepAsync(Ct);

        Value(await store.Triggers.RedeliverAsync(trigger.Id, Ct));
        await store.TriggerDispatcher.SweepAsync(Ct);
        Assert.Equal([trigger.Id, trigger.Id], bus.Sent.Select(static one => one.Message.Id));

        Value(await store.Triggers.StartAsync(trigger.Id, null, Ct));
        Value(await store.Triggers.RedeliverAsync(trigger.Id, Ct));
        await store.TriggerDispatcher.SweepAsync(Ct);
        Assert.Equal(2, bus.Sent.Count);
        await store.AssertAuditedAsync();
    }

    [Fact]
    public async Task What_cannot_be_read_keeps_nothing_else_from_being_sent()
    {
        var bus = new RecordingBus();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With(bus));
        var trigger = await FireAsync(store);
        var broken = new Azure.Data.Tables.TableEntity(TriggerKeys.Partition, TriggerKeys.Delivery("0", 0)) { ["decision"] = "0" };
        await store.TriggerTable.Table.AddEntityAsync(broken, Ct);
        await store.TriggerTable.Table.AddEntityAsync(TriggerDeliveryRow.Queued(new TriggerDelivery { Decision = "0", Number = 0, EventId = "0", Type = "t", Action = new TriggerAction("serviceBus", "retraining", false), Rule = "r1", QueuedAt = Watching.Start }, Watching.Start.AddYears(-5)), Ct);

        await Assert.ThrowsAsync<AggregateException>(() => store.TriggerDispatcher.SweepAsync(Ct));

        Assert.Equal(trigger.Id, Assert.Single(bus.Sent).Message.Id);
    }

    [Fact]
    public async Task Without_a_broker_it_waits_until_there_is_one()
    {
        var time = new FakeTimeProvider(Watching.Start);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With());
        var trigger = await FireAsync(store);
        for (var day = 0; day < 3; day++)
        {
            await store.TriggerDispatcher.SweepAsync(Ct);
            time.Advance(TimeSpan.FromDays(1));
        }
        var waiting = Assert.Single(await store.Triggers.ListDeliveriesAsync(trigger.Id, Ct));
        Assert.Equal((TriggerDeliveryStatus.Pending, 0), (waiting.Status, waiting.Attempts));

        store.TriggerDispatcher.Dispose();
        time.Advance(TimeSpan.FromHours(1));
        var bus = new RecordingBus();
        await using var later = await Instance.StartAsync(store.Connection, store.Prefix, time, add: Watching.With(bus));
        await later.TriggerDispatcher.SweepAsync(Ct);
        Assert.Single(bus.Sent);
    }

    [Fact]
    public async Task A_webhook_gets_signed_events_when_drift_begins_fires_and_ends()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With(), settings: Hooking.Open);
        var webhook = await store.CreateWebhookAsync(receiver.Url);
        var bike = await store.RegisterBikeAsync();
        await store.Dispatcher.SweepAsync(Ct);
        receiver.Calls.Clear();
        await store.SetRuleAsync(Watching.Psi.Replace("\"mode\"", "\"actions\": [{\"type\": \"webhook\", \"secretRef\": \"hook\"}], \"mode\"", StringComparison.Ordinal));

        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(1, 0.01), Ct);
        await store.TriggerDispatcher.SweepAsync(Ct);
        await store.TriggerDispatcher.SweepAsync(Ct);
        await store.Dispatcher.SweepAsync(Ct);

        var trigger = Assert.Single(await store.TriggersAsync());
        Assert.Equal(
            [$"{trigger.Id} dev.serverlessmeta.retrain.requested.v1", $"{trigger.Id}-detected dev.serverlessmeta.drift.detected.v1", $"{trigger.Id}-recovered dev.serverlessmeta.drift.recovered.v1"],
            receiver.Calls.Select(static call => JsonNode.Parse(call.Body)!).Select(static told => $"{told["id"]} {told["type"]}").Order(StringComparer.Ordinal));
        Assert.All(receiver.Calls, static call =>
        {
            Assert.Equal("application/cloudevents+json", call.Headers["Content-Type"]);
            var signed = $"{call.Headers["Delivery"]}.{call.Headers["Timestamp"]}.{call.Body}";
            Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Hooking.Secret), Encoding.UTF8.GetBytes(signed))), call.Headers["Signature"]);
        });
        var sent = (await store.TriggerReader.ReadAsync(trigger, Ct)).Deliveries!.Value;
        Assert.Equal(3, sent.Length);
        Assert.All(sent, one => Assert.Equal((TriggerDeliveryStatus.Queued, "delivered", $"/api/v1/webhooks/{webhook.Id}/deliveries"), (one.Status, one.WebhookStatus, one.Log)));
    }

    [Fact]
    public async Task A_webhook_that_is_gone_is_disabled_and_one_that_was_deleted_is_marked()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers(410);
        var time = new FakeTimeProvider(Watching.Start);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(), settings: [.. Hooking.Open, ("Triggers:FloorSeconds", "0")]);
        var bike = await store.RegisterBikeAsync();
        await store.Dispatcher.SweepAsync(Ct);
        var webhook = await store.CreateWebhookAsync(receiver.Url, WebhookEvent.Find("prompt.created")!);
        await store.SetRuleAsync(Watching.Psi.Replace("\"mode\"", $"\"actions\": [{{\"type\": \"webhook\", \"secretRef\": \"{webhook.Id}\", \"tellsDrift\": false}}], \"mode\"", StringComparison.Ordinal));

        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);
        await store.TriggerDispatcher.SweepAsync(Ct);
        await store.Dispatcher.SweepAsync(Ct);
        Assert.Equal(WebhookStatus.Disabled, (await store.Webhooks.FindAsync(webhook.Id, Ct))!.Status);
        var first = Assert.Single(await store.TriggersAsync());
        Assert.Equal("failed", Assert.Single((await store.TriggerReader.ReadAsync(first, Ct)).Deliveries!.Value).WebhookStatus);
        Assert.True(first.IsUndelivered);

        Value(await store.Webhooks.DeleteAsync(webhook.Id, Ct));
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(1, 0.01), Ct);
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(2, 0.2), Ct);
        await store.TriggerDispatcher.SweepAsync(Ct);
        Assert.Equal([true, true], (await store.TriggersAsync()).Select(static trigger => trigger.IsUndelivered));
    }

    [Fact]
    public async Task What_a_webhook_gives_up_is_marked_at_its_trigger_and_can_be_sent_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers(400);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: new FakeTimeProvider(Watching.Start), add: Watching.With(), settings: Hooking.Open);
        await store.CreateWebhookAsync(receiver.Url, WebhookEvent.Find("prompt.created")!);
        var trigger = await FireAsync(store, Watching.Psi.Replace("\"mode\"", "\"actions\": [{\"type\": \"webhook\", \"secretRef\": \"hook\"}], \"mode\"", StringComparison.Ordinal));
        await SweepAsync();

        Assert.True((await store.Triggers.FindAsync(trigger.Id, Ct))!.IsUndelivered);
        Assert.Equal(trigger.Id, Assert.Single(Value(await store.Triggers.ListAsync(new TriggerFilter(IsUndelivered: true), 10, null, Ct)).Items).Id);
        Assert.All((await store.TriggerReader.ReadAsync(trigger, Ct)).Deliveries!.Value, static one => Assert.Equal((TriggerDeliveryStatus.Dead, "failed"), (one.Status, one.WebhookStatus)));

        receiver.Answers(200);
        receiver.Calls.Clear();
        Value(await store.Triggers.RedeliverAsync(trigger.Id, Ct));
        await SweepAsync();
        await SweepAsync();

        Assert.Equal([trigger.Id, $"{trigger.Id}-detected"], receiver.Calls.Select(static call => JsonNode.Parse(call.Body)!["id"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.False((await store.Triggers.FindAsync(trigger.Id, Ct))!.IsUndelivered);
        Assert.All((await store.TriggerReader.ReadAsync(trigger, Ct)).Deliveries!.Value, static one => Assert.Equal((TriggerDeliveryStatus.Queued, "delivered"), (one.Status, one.WebhookStatus)));
        await store.AssertAuditedAsync();

        async Task SweepAsync()
        {
            await store.TriggerDispatcher.SweepAsync(Ct);
            await store.Dispatcher.SweepAsync(Ct);
        }
    }

    [Fact]
    public async Task A_receiver_that_is_busy_is_left_alone_as_it_asks()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = static context =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (503, "1800");
            return Task.CompletedTask;
        };
        var time = new FakeTimeProvider(Watching.Start);
        await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, add: Watching.With(), settings: Hooking.Open);
        await store.CreateWebhookAsync(receiver.Url, WebhookEvent.Find("prompt.created")!);
        await FireAsync(store, Watching.Psi.Replace("\"mode\"", "\"actions\": [{\"type\": \"webhook\", \"secretRef\": \"hook\", \"tellsDrift\": false}], \"mode\"", StringComparison.Ordinal));
        await store.TriggerDispatcher.SweepAsync(Ct);
        await store.Dispatcher.SweepAsync(Ct);
        Assert.Single(receiver.Calls);

        receiver.Answers(200);
        time.Advance(TimeSpan.FromMinutes(29));
        await store.Dispatcher.SweepAsync(Ct);
        Assert.Single(receiver.Calls);
        time.Advance(TimeSpan.FromMinutes(2));
        await store.Dispatcher.SweepAsync(Ct);
        Assert.Equal(2, receiver.Calls.Count);
    }

    [Fact]
    public async Task A_suggestion_is_sent_when_somebody_approves_it_once()
    {
        var bus = new RecordingBus();
        await using var store = await Instance.StartAsync(azurite.ConnectionString, add: Watching.With(bus));
        var trigger = await FireAsync(store, Watching.Psi.Replace("auto", "suggest", StringComparison.Ordinal));
        await store.TriggerDispatcher.SweepAsync(Ct);
        Assert.Empty(bus.Sent);
        Assert.Equal(TriggerStatus.Suggested, trigger.Status);

        var approved = Value(await Watching.AsAsync("ada", () => store.Triggers.ApproveAsync(trigger.Id, Ct)));
        Value(await Watching.AsAsync("bob", () => store.Triggers.ApproveAsync(trigger.Id, Ct)));
        await store.TriggerDispatcher.SweepAsync(Ct);

        Assert.Equal((TriggerStatus.Requested, "ada"), (approved.Status, approved.ApprovedBy));
        Assert.Equal(trigger.Id, Assert.Single(bus.Sent).Message.Id);
        await store.AssertAuditedAsync();
    }

    private static async Task<Trigger> FireAsync(Instance store, string rule = Watching.Psi)
    {
        var bike = await store.RegisterBikeAsync();
        await store.SetRuleAsync(rule);
        // Nobody is told before the test looks.
        await store.RuleEvaluation.EvaluateAsync(bike, Watching.PsiOf(0, 0.2), Ct);
        return Assert.Single(await store.TriggersAsync());
    }
}
