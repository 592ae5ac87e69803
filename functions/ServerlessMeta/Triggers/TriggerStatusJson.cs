using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Triggers;

/// <summary>The status of a trigger in lower case.</summary>
internal sealed class TriggerStatusJson() : JsonStringEnumConverter<TriggerStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
