using ServerlessMeta.Access;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.StorageTests.Webhooks;

/// <summary>What tests of webhooks share.</summary>
internal static class Hooking
{
    public const string Secret = "s3cret";

    /// <summary>Lets receivers be on loopback.</summary>
    public static (string Key, string Value)[] Open { get; } = [("Webhooks:AllowPrivateAddresses", "true"), ("Webhooks:TimeoutSeconds", "5")];

    public static WebhookEvent Created { get; } = WebhookEvent.Find("registered_model.created")!;

    public static WebhookEvent TagSet { get; } = WebhookEvent.Find("model_version_tag.set")!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Webhook> CreateWebhookAsync(this Instance store, string url, params WebhookEvent[] events) =>
        (await store.Webhooks.CreateAsync(new NewWebhook("hook", url, [.. events.Length == 0 ? [Created, TagSet] : events]) { Secret = Secret }, Ct)).Value;

    /// <summary>A model that is created with an event, by an instance that sends nothing itself.</summary>
    public static Task CreateModelAsync(this Instance quiet, long number, params KeyValuePair<string, string?>[] tags) => quiet.CommitAsync(null, number, "registered_model", "created", [new("description", null), .. tags]);

    /// <summary>An event of a known model.</summary>
    public static async Task SetTagAsync(this Instance quiet, long number, string value) =>
        await quiet.CommitAsync((await quiet.Storage.Models.GetEntityAsync<Azure.Data.Tables.TableEntity>(ModelKeys.Partition, ModelKeys.Model(number), cancellationToken: Ct)).Value, number, "model_version_tag", "set",
            [new("version", "1"), new("key", "k"), new("value", value)]);

    public static async Task<List<Delivery>> LogAsync(this Instance store, WebhookId webhook)
    {
        var page = await store.Deliveries.ListAsync(webhook, 1000, null, Ct);
        return [.. page.Value.Items];
    }

    /// <summary>Another instance that commits events and leaves them to others.</summary>
    public static async Task<Instance> QuietAsync(this Instance store, TimeProvider? time = null)
    {
        var quiet = await Instance.StartAsync(store.Connection, store.Prefix, time);
        quiet.Dispatcher.Dispose();
        return quiet;
    }

    private static async Task CommitAsync(this Instance quiet, Azure.Data.Tables.TableEntity? row, long number, string entity, string action, KeyValuePair<string, string?>[] data)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(quiet.Time.GetUtcNow().ToUnixTimeMilliseconds());
        var model = row is null
            ? new RegisteredModel { Number = number, Name = $"m{number}", Stage = LifecycleStage.Active, CreatedAt = now, UpdatedAt = now, Revision = 0 }
            : ModelRow.To(row);
        var change = new ModelChange(row, model, new ModelReader(quiet.Storage), Caller.Store, now);
        change.Note("test");
        change.Emit(entity, action, [new("name", model.Name), .. data]);
        Assert.True((await quiet.ModelWriter.TryCommitAsync(change)).Value);
    }
}
