using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Webhooks;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(DeliveryStatusJson), typeof(WebhookStatusJson)])]
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(DeliveryView))]
internal sealed partial class WebhooksJson : JsonSerializerContext;
