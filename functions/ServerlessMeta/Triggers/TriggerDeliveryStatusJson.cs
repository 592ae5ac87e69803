using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Triggers;

/// <summary>The status of what is sent in lower case.</summary>
internal sealed class TriggerDeliveryStatusJson() : JsonStringEnumConverter<TriggerDeliveryStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
