using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Webhooks;

/// <summary>The status of a webhook in lower case.</summary>
internal sealed class WebhookStatusJson() : JsonStringEnumConverter<WebhookStatus>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
