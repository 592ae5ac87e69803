using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Access;
using ServerlessMeta.App;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ContractTests.Webhooks;

/// <summary>Webhooks over HTTP on both sides: the store's API, and a receiver on loopback.</summary>
public sealed class WebhookTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Secret = "s3cret";
    private KestrelHost host = null!;
    private WebhookReceiver receiver = null!;

    private Api Api => host.Api;

    public async ValueTask InitializeAsync()
    {
        receiver = await WebhookReceiver.StartAsync();
        host = new KestrelHost(azurite);
        host.Settings["Webhooks:AllowPrivateAddresses"] = "true";
        host.Settings["Webhooks:TimeoutSeconds"] = "4";
        await host.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_test_sends_the_first_event_signed_as_the_protocol_says()
    {
        var webhook = await CreateAsync();
        receiver.Answer = static context =>
        {
            context.Response.StatusCode = 202;
            return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "thanks", context.RequestAborted);
        };

        var result = (await Api.PostAsync($"webhooks/{webhook}/test", new { })).Ok();

        Assert.Equal("""{"result":{"success":true,"response_status":202,"response_body":"thanks"}}""", result.ToJsonString());
        var (headers, body, _) = Assert.Single(receiver.Calls);
        var signed = $"{headers["X-MLflow-Delivery-Id"]}.{headers["X-MLflow-Timestamp"]}.{body}";
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed))), headers["X-MLflow-Signature"]);
        Assert.Equal("registered_model created example_model", $"{Sent(body)["entity"]} {Sent(body)["action"]} {Sent(body)["data"]!["name"]}");
    }

    [Fact]
    public async Task Answers_with_addresses_which_may_hold_secrets_are_not_to_be_stored()
    {
        var webhook = await CreateAsync();
        for (var more = 0; more < 6; more++)
        {
            await CreateAsync();
        }
        using var all = new HttpRequestMessage(HttpMethod.Get, "/api/2.0/mlflow/webhooks");
        all.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");

        using var answer = await Api.Http.SendAsync(all, TestContext.Current.CancellationToken);
        var one = await Api.GetAsync($"/api/2.0/mlflow/webhooks/{webhook}");

        Assert.True((await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length > 1_500);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.True(one.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_test_sends_the_event_that_is_asked_for()
    {
        await Api.PostAsync($"webhooks/{await CreateAsync()}/test", new { @event = new { entity = "MODEL_VERSION_ALIAS", action = "DELETED" } });

        Assert.Equal("""{"name":"example_model","alias":"example_alias"}""", Sent(Assert.Single(receiver.Calls).Body)["data"]!.ToJsonString());
    }

    [Theory]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(500)]
    public async Task A_test_tells_what_went_wrong(int status)
    {
        receiver.Answers(status);

        Assert.Equal("{\"result\":{\"success\":false,\"response_status\":" + status.ToString(System.Globalization.CultureInfo.InvariantCulture) + "}}", (await Api.PostAsync($"webhooks/{await CreateAsync()}/test", new { })).Ok().ToJsonString());
        Assert.Single(receiver.Calls);
    }

    [Fact]
    public async Task A_test_of_a_slow_receiver_ends_and_one_of_an_endless_answer_shows_its_beginning()
    {
        var webhook = await CreateAsync();
        receiver.Answer = static context => Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, context.RequestAborted);
        Assert.Equal("""{"result":{"success":false,"error_message":"Failed to test webhook: No answer within 4 seconds."}}""", (await Api.PostAsync($"webhooks/{webhook}/test", new { })).Ok().ToJsonString());

        receiver.Answer = static async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(new string('x', 10_000)), context.RequestAborted);
            }
        };
        Assert.Equal(4096, (await Api.PostAsync($"webhooks/{webhook}/test", new { })).Ok()["result"]!["response_body"]!.ToString().Length);
    }

    [Fact]
    public async Task A_webhook_without_a_secret_is_not_signed()
    {
        await Api.PostAsync($"webhooks/{await CreateAsync(secret: null)}/test", new { });

        Assert.DoesNotContain("X-MLflow-Signature", Assert.Single(receiver.Calls).Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_secret_is_never_answered()
    {
        var webhook = await CreateAsync();

        Assert.All([await Api.GetAsync($"webhooks/{webhook}"), await Api.GetAsync("webhooks"), await Api.PatchAsync($"webhooks/{webhook}", new { secret = Secret + "2" })],
            static answer => Assert.DoesNotContain("s3cret", answer.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_is_delivered_and_its_log_tells_so_page_by_page()
    {
        var webhook = await CreateAsync();
        await EmitAsync(1);
        await EmitAsync(2);
        await EmitAsync(3);
        await TickAsync();

        var found = new List<JsonNode>();
        string? token = null;
        do
        {
            var page = (await Api.GetAsync($"/api/v1/webhooks/{webhook}/deliveries", [("pageSize", "2"), .. token is null ? ((string, string)[])[] : [("pageToken", token)]])).Ok();
            found.AddRange(page["deliveries"]!.AsArray()!);
            token = page["nextPageToken"]?.ToString();
        }
        while (token is not null);

        Assert.Equal(3, found.Count);
        Assert.Equal(receiver.Calls.Select(static call => call.Headers["X-MLflow-Delivery-Id"]).Order(StringComparer.Ordinal), found.Select(static one => one["id"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.All(found, static one => Assert.Equal("registered_model.created delivered 1 200", $"{one["event"]} {one["status"]} {one["attempts"]} {one["httpStatus"]}"));
        Assert.Equal(found.Select(static one => one["at"]!.ToString()).OrderDescending(StringComparer.Ordinal), found.Select(static one => one["at"]!.ToString()));
    }

    [Fact]
    public async Task Redelivering_sends_it_again()
    {
        var webhook = await CreateAsync();
        receiver.Answers(400);
        await EmitAsync(1);
        await TickAsync();
        var failed = (await LogAsync(webhook))[0]!;
        Assert.Equal("failed The receiver answered 400.", $"{failed["status"]} {failed["error"]}");
        receiver.Answers(200);

        var answer = await Api.PostAsync($"/api/v1/webhooks/{webhook}/deliveries/{failed["id"]}/redeliver", new { });
        await TickAsync();

        Assert.Equal((202, "pending"), (answer.Status, answer.Json["status"]!.ToString()));
        Assert.Equal("delivered 2", $"{(await LogAsync(webhook))[0]!["status"]} {(await LogAsync(webhook))[0]!["attempts"]}");
        Assert.Single(receiver.Calls.Select(static call => call.Headers["X-MLflow-Delivery-Id"]).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_disabled_webhook_is_not_redelivered_to_and_its_log_says_why()
    {
        var webhook = await CreateAsync();
        receiver.Answers(410);
        await EmitAsync(1);
        await TickAsync();

        var log = (await Api.GetAsync($"/api/v1/webhooks/{webhook}/deliveries")).Ok();
        Assert.Equal("disabled 127.0.0.1 answered 410 Gone.", $"{log["status"]} {log["reason"]}");
        Assert.Equal("DISABLED", (await Api.GetAsync($"webhooks/{webhook}")).Ok()["webhook"]!["status"]!.ToString());
        Assert.Equal(409, (await Api.PostAsync($"/api/v1/webhooks/{webhook}/deliveries/{log["deliveries"]![0]!["id"]}/redeliver", new { })).Status);

        await Api.PatchAsync($"webhooks/{webhook}", new { status = "ACTIVE" });
        Assert.Null((await Api.GetAsync($"/api/v1/webhooks/{webhook}/deliveries")).Ok()["reason"]);
    }

    [Theory]
    [InlineData("pageSize=0", 400, "pageSize")]
    [InlineData("pageSize=x", 400, "pageSize")]
    [InlineData("pageToken=!", 400, "pageToken")]
    public async Task A_bad_page_of_the_log_is_refused(string query, int status, string field)
    {
        var answer = await Api.GetAsync($"/api/v1/webhooks/{await CreateAsync()}/deliveries?{query}");

        Assert.Equal((status, field), (answer.Status, answer.Json["errors"]![0]!["field"]!.ToString()));
    }

    [Fact]
    public async Task An_idempotency_key_creates_once()
    {
        var body = new JsonObject { ["name"] = "n", ["url"] = receiver.Url, ["events"] = new JsonArray(new JsonObject { ["entity"] = "PROMPT", ["action"] = "CREATED" }) }.ToJsonString();

        var (first, again) = (await Api.PostJsonAsync("webhooks", body, ("Idempotency-Key", "k")), await Api.PostJsonAsync("webhooks", body, ("Idempotency-Key", "k")));

        Assert.Equal(first.Ok().ToJsonString(), again.Ok().ToJsonString());
    }

    [Theory]
    [InlineData("name", 64)]
    [InlineData("url", 501)]
    [InlineData("description", 1001)]
    [InlineData("secret", 1001)]
    public async Task A_text_beyond_its_limit_is_refused_and_one_at_it_is_taken(string field, int length)
    {
        JsonObject With(int characters)
        {
            var body = new JsonObject { ["name"] = "n", ["url"] = "https://receiver.invalid/", ["events"] = new JsonArray(new JsonObject { ["entity"] = "PROMPT", ["action"] = "CREATED" }) };
            body[field] = (field == "url" ? "https://receiver.invalid/" : "").PadRight(characters, 'x');
            return body;
        }

        (await Api.PostJsonAsync("webhooks", With(length).ToJsonString())).FailsNaming(400, "INVALID_PARAMETER_VALUE", field == "name" ? "less than 63 characters" : field);
        (await Api.PostJsonAsync("webhooks", With(length - 1).ToJsonString())).Ok();
    }

    private static JsonNode Sent(string body) => JsonNode.Parse(body)!;

    private async Task<string> CreateAsync(string? secret = Secret) =>
        (await Api.PostAsync("webhooks", new { name = "hook", url = receiver.Url, secret, events = new[] { new { entity = "REGISTERED_MODEL", action = "CREATED" }, new { entity = "MODEL_VERSION_TAG", action = "SET" } } }))
            .Ok()["webhook"]!["webhook_id"]!.ToString();

    private async Task<JsonArray> LogAsync(string webhook) => (await Api.GetAsync($"/api/v1/webhooks/{webhook}/deliveries")).Ok()["deliveries"]!.AsArray();

    private Task TickAsync() => host.Services.GetRequiredService<TimerEntry>().TickAsync(TimerSchedules.Outbox, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);

    private async Task EmitAsync(long number)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var change = new ModelChange(
            null, new RegisteredModel { Number = number, Name = $"m{number}", Stage = LifecycleStage.Active, CreatedAt = now, UpdatedAt = now, Revision = 0 },
            host.Services.GetRequiredService<ModelReader>(), Caller.Store, now);
        change.Note("model.create");
        change.Emit("registered_model", "created", new KeyValuePair<string, string?>("name", $"m{number}"));
        Assert.True((await host.Services.GetRequiredService<ModelWriter>().TryCommitAsync(change)).Value);
    }
}
