using System.Collections.Immutable;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Mlflow.Webhooks;

/// <summary>Webhooks in MLflow's JSON. Entities and actions are upper case there, as members of its enumerations, or their numbers.</summary>
internal static class WebhookJson
{
    private const int MaxEvents = 100;

    // In the order of the protocol's numbers.
    private static readonly string[] Entities =
    [
        "ENTITY_UNSPECIFIED", "REGISTERED_MODEL", "MODEL_VERSION", "MODEL_VERSION_TAG", "MODEL_VERSION_ALIAS", "PROMPT", "PROMPT_VERSION", "PROMPT_TAG", "PROMPT_VERSION_TAG", "PROMPT_ALIAS",
    ];

    private static readonly string[] Actions = ["ACTION_UNSPECIFIED", "CREATED", "UPDATED", "DELETED", "SET"];
    private static readonly string[] Statuses = ["STATUS_UNSPECIFIED", "ACTIVE", "DISABLED"];

    public static MlflowError NotFound(string id) => MlflowError.From(new Failure.NotFound(WebhookStore.Kind, id));

    public static void Write(MlflowWriter json, Webhook webhook)
    {
        json.WriteString("webhook_id"u8, webhook.Id.ToString());
        json.WriteString("name"u8, webhook.Name);
        json.WriteString("description"u8, webhook.Description);
        json.WriteString("url"u8, webhook.Url);
        json.WriteList("events"u8, webhook.Events, static (json, what) =>
        {
            json.WriteString("entity"u8, what.Entity.ToUpperInvariant());
            json.WriteString("action"u8, what.Action.ToUpperInvariant());
        });
        json.WriteString("status"u8, webhook.Status is WebhookStatus.Active ? "ACTIVE" : "DISABLED");
        json.WriteNumber("creation_timestamp"u8, webhook.CreatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("last_updated_timestamp"u8, webhook.UpdatedAt.ToUnixTimeMilliseconds());
    }

    public static Task AnswerAsync(MlflowRequest request, Result<Webhook> webhook) => webhook.IsOk
        ? request.AnswerAsync(webhook.Value, static (json, webhook) =>
        {
            json.WriteStartObject("webhook"u8);
            Write(json, webhook);
            json.WriteEndObject();
        })
        : request.AnswerAsync(MlflowError.From(webhook.Failure));

    public static ImmutableArray<WebhookEvent> ReadEvents(MlflowRequest request)
    {
        var items = request.Body.List("events", request);
        Rules.CheckCount(items.Count, MaxEvents, "events", request);
        var events = ImmutableArray.CreateBuilder<WebhookEvent>();
        for (var i = 0; i < items.Count && !request.IsFaulty; i++)
        {
            if (ReadEvent(items[i], $"events[{i}]", isRequired: true, request) is { } what)
            {
                events.Add(what);
            }
        }
        return events.ToImmutable();
    }

    public static WebhookEvent? ReadEvent(JsonFields fields, string path, bool isRequired, MlflowRequest request)
    {
        var entity = Member(fields, "entity", path, Entities, request);
        var action = Member(fields, "action", path, Actions, request);
        if (request.IsFaulty || (entity is null && action is null && !isRequired))
        {
            return null;
        }
        if (entity is null || action is null)
        {
            request.Refuse(MlflowError.Missing($"{path}.{(entity is null ? "entity" : "action")}"));
            return null;
        }
        var what = WebhookEvent.Find(entity, action);
        if (what is null)
        {
            var valid = WebhookEvent.All.Where(one => one.Entity == entity).Select(static one => $"'{one.Action}'").Order(StringComparer.Ordinal);
            request.Refuse(MlflowError.Invalid($"Invalid action '{action}' for entity '{entity}'. Valid actions are: [{string.Join(", ", valid)}]"));
        }
        return what;
    }

    public static WebhookStatus? ReadStatus(MlflowRequest request)
    {
        if (request.Body.Member("status", "status", request) is not { Length: > 0 } text)
        {
            return null;
        }
        switch (Find(Statuses, text))
        {
            case 1:
                return WebhookStatus.Active;
            case 2:
                return WebhookStatus.Disabled;
            default:
                request.Refuse(MlflowRequest.Invalid(Rules.Quote(text), "status"));
                return null;
        }
    }

    private static string? Member(JsonFields fields, string name, string path, string[] members, MlflowRequest request)
    {
        if (fields.Member(name, $"{path}.{name}", request) is not { Length: > 0 } text)
        {
            return null;
        }
        var number = Find(members, text);
        if (number < 1)
        {
            request.Refuse(MlflowRequest.Invalid(Rules.Quote(text), $"{path}.{name}"));
            return null;
        }
        return members[number].ToLowerInvariant();
    }

    private static int Find(string[] members, string text) => int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
        ? (number < members.Length ? number : -1)
        : Array.FindIndex(members, member => member.Equals(text, StringComparison.OrdinalIgnoreCase));
}
