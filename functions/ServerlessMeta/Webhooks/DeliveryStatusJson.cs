using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Webhooks;

/// <summary>The status of a delivery in lower case.</summary>
internal sealed class DeliveryStatusJson() : JsonStringEnumConverter<DeliveryStatus>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
