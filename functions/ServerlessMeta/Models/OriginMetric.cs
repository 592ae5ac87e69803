using System.Text.Json.Serialization;

namespace ServerlessMeta.Models;

/// <summary>The latest point of a metric.</summary>
public sealed record OriginMetric(
    string Key, [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Value, long Timestamp, long Step);
