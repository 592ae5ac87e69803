using ServerlessMeta.Access;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Webhooks;
using Inv = System.Globalization.CultureInfo;

namespace ServerlessMeta.Mlflow.Webhooks;

/// <summary><c>/mlflow/webhooks</c></summary>
internal static class WebhookEndpoints
{
    private const string Root = "webhooks";
    private const string Id = "webhook_id";
    private const string One = Root + "/{" + Id + "}";
    private const int PageSize = 100;
    private const int MaxPageSize = 1000;

    // Their addresses may hold secrets, so reading them asks for as much as writing, and no answer is stored.
    public static void Map(MlflowRoutes routes)
    {
        routes.Post(Root, Unstored(CreateAsync), "Create a webhook: name, url, events (entity, action), description, secret (never answered), status (ACTIVE, DISABLED).", role: Role.Admin);
        routes.Get(Root, Unstored(ListAsync), "Webhooks, the newest first: max_results (100 when absent, up to 1,000), page_token.", role: Role.Admin);
        routes.Get(One, Unstored(GetAsync), "A webhook.", role: Role.Admin);
        routes.Patch(One, Unstored(UpdateAsync), "Change what is given of a webhook: name, url, events, description, secret, status.", role: Role.Admin);
        routes.Delete(One, DeleteAsync, "Delete a webhook. What waits for it is cancelled.", role: Role.Admin);
        routes.Post(One + "/test", Unstored(TestAsync), "Send an example now, and tell what the receiver answered: event (entity, action; the webhook's first when absent).", role: Role.Admin);
    }

    private static Func<MlflowRequest, Task> Unstored(Func<MlflowRequest, Task> handle) => request =>
    {
        request.Context.Response.Headers.CacheControl = "no-store";
        return handle(request);
    };

    private static async Task CreateAsync(MlflowRequest request)
    {
        var (name, url) = (request.Required("name"), request.Required("url"));
        var events = WebhookJson.ReadEvents(request);
        if (events.IsEmpty)
        {
            request.Refuse(MlflowError.Missing("events"));
        }
        var wanted = new NewWebhook(name, url, events)
        {
            Description = request.Text("description"),
            Secret = request.Text("secret"),
            Status = WebhookJson.ReadStatus(request) ?? WebhookStatus.Active,
            IdempotencyKey = Rules.IdempotencyKeyOf(request),
        };
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        await WebhookJson.AnswerAsync(request, await request.Service<WebhookStore>().CreateAsync(wanted, request.Aborted));
    }

    private static async Task ListAsync(MlflowRequest request)
    {
        var size = request.Size("max_results", PageSize, MaxPageSize);
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        var found = await request.Service<WebhookStore>().ListAsync(size, request.Text("page_token"), request.Aborted);
        await (found.IsOk
            ? request.AnswerAsync(found.Value, static (json, page) =>
            {
                json.WriteList("webhooks"u8, page.Items, WebhookJson.Write);
                json.WriteString("next_page_token"u8, page.Next);
            })
            : request.AnswerAsync(MlflowError.From(found.Failure)));
    }

    private static async Task GetAsync(MlflowRequest request)
    {
        if (await FindAsync(request) is { } webhook)
        {
            await WebhookJson.AnswerAsync(request, webhook);
        }
    }

    private static async Task UpdateAsync(MlflowRequest request)
    {
        var id = IdOf(request);
        var update = new WebhookUpdate
        {
            Name = Given("name", request),
            Url = Given("url", request),
            Events = WebhookJson.ReadEvents(request),
            Description = Given("description", request),
            Secret = Given("secret", request),
            Status = WebhookJson.ReadStatus(request),
        };
        if (request.IsFaulty)
        {
            await request.AnswerAsync(request.Fault);
            return;
        }
        await WebhookJson.AnswerAsync(request, await request.Service<WebhookStore>().UpdateAsync(id, update, request.Aborted));
    }

    private static async Task DeleteAsync(MlflowRequest request)
    {
        var id = IdOf(request);
        await (request.IsFaulty ? request.AnswerAsync(request.Fault) : request.AnswerAsync((await request.Service<WebhookStore>().DeleteAsync(id, request.Aborted)).Failure));
    }

    private static async Task TestAsync(MlflowRequest request)
    {
        var what = WebhookJson.ReadEvent(request.Body.Object("event"), "event", isRequired: false, request);
        if (await FindAsync(request) is not { } webhook)
        {
            return;
        }
        var result = await request.Service<WebhookTester>().TestAsync(webhook, what, request.Aborted);
        await request.AnswerAsync(result, static (json, result) =>
        {
            json.WriteStartObject("result"u8);
            json.WriteBoolean("success"u8, result.IsSuccess);
            if (result.HttpStatus is { } status)
            {
                json.WriteNumber("response_status"u8, status);
            }
            json.WriteString("response_body"u8, string.IsNullOrEmpty(result.Body) ? null : result.Body);
            json.WriteString("error_message"u8, result.Error is { } error ? $"Failed to test webhook: {error}" : null);
            json.WriteEndObject();
        });
    }

    // The webhook of the path; what is wrong has been answered.
    private static async Task<Webhook?> FindAsync(MlflowRequest request)
    {
        var id = IdOf(request);
        if (!request.IsFaulty)
        {
            if (await request.Service<WebhookStore>().FindAsync(id, request.Aborted) is { } webhook)
            {
                return webhook;
            }
            request.Refuse(WebhookJson.NotFound(id.ToString()));
        }
        await request.AnswerAsync(request.Fault!);
        return null;
    }

    private static WebhookId IdOf(MlflowRequest request)
    {
        var text = request.Path(Id);
        if (!WebhookId.TryParse(text, Inv.InvariantCulture, out var id))
        {
            request.Refuse(WebhookJson.NotFound(text));
        }
        return id;
    }

    // To the protocol an empty text is none.
    private static string? Given(string name, MlflowRequest request) => request.Text(name) is { Length: > 0 } text ? text : null;
}
