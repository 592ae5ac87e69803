using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Platform;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.StorageTests.Webhooks;

/// <summary>Every storage request of a dispatch fails in turn, before or after it took effect: nothing is lost, and what is sent again keeps its delivery id.</summary>
public sealed class DispatchFaultTests(AzuriteFixture azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task Nothing_is_lost_whichever_request_fails(bool afterEffect, int retries)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var struck = true;
        for (var n = 1; struck; n++)
        {
            var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
            var faults = new FaultPolicy(afterEffect, retries);
            await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, settings: Hooking.Open);
            await using var faulty = await Instance.StartAsync(store.Connection, store.Prefix, time, faults, null, Hooking.Open);
            await using var quiet = await store.QuietAsync(time);
            receiver.Calls.Clear();
            var webhook = await store.CreateWebhookAsync(receiver.Url);
            await quiet.CreateModelAsync(1);
            await quiet.SetTagAsync(1, "a");

            faults.Arm(n);
            try
            {
                await faulty.Dispatcher.SweepAsync(Ct);
            }
            catch (Exception cut) when (Outage.IsAmbiguous(cut))
            {
                // As a crash would leave it.
            }
            struck = faults.Struck;
            faults.Arm(int.MaxValue);
            time.Advance(TimeSpan.FromMinutes(5));
            await store.Dispatcher.SweepAsync(Ct);

            var log = await store.LogAsync(webhook.Id);
            Assert.Equal([DeliveryStatus.Delivered, DeliveryStatus.Delivered], log.Select(static delivery => delivery.Status));
            var seen = receiver.Calls.Select(static call => $"{call.Headers["Delivery"]} {JsonNode.Parse(call.Body)!["action"]}").Distinct(StringComparer.Ordinal).ToList();
            Assert.Equal([.. log.Select(static delivery => $"{delivery.Id}").Order(StringComparer.Ordinal)], seen.Select(static call => call.Split(' ')[0]).Order(StringComparer.Ordinal));
            Assert.Equal(["created", "set"], seen.Select(static call => call.Split(' ')[1]));
            Assert.InRange(receiver.Calls.Count, 2, 3);
            Assert.True(n < 40);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_webhook_whose_receiver_is_gone_ends_disabled_whichever_request_fails(bool afterEffect)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers(410);
        var struck = true;
        for (var n = 1; struck; n++)
        {
            var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
            var faults = new FaultPolicy(afterEffect, retries: 2);
            await using var store = await Instance.StartAsync(azurite.ConnectionString, time: time, settings: Hooking.Open);
            await using var faulty = await Instance.StartAsync(store.Connection, store.Prefix, time, faults, null, Hooking.Open);
            await using var quiet = await store.QuietAsync(time);
            var webhook = await store.CreateWebhookAsync(receiver.Url);
            await quiet.CreateModelAsync(1);

            faults.Arm(n);
            try
            {
                await faulty.Dispatcher.SweepAsync(Ct);
            }
            catch (Exception cut) when (Outage.IsAmbiguous(cut))
            {
                // As a crash would leave it.
            }
            struck = faults.Struck;
            faults.Arm(int.MaxValue);
            time.Advance(TimeSpan.FromMinutes(5));
            await store.Dispatcher.SweepAsync(Ct);

            Assert.Equal(WebhookStatus.Disabled, (await store.Webhooks.FindAsync(webhook.Id, Ct))!.Status);
            Assert.Contains(Assert.Single(await store.LogAsync(webhook.Id)).Status, new[] { DeliveryStatus.Failed, DeliveryStatus.Cancelled });
            Assert.True(n < 40);
        }
    }
}
