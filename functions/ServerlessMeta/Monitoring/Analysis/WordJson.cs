using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>An enum as its word in camel case; numbers are refused.</summary>
internal sealed class WordJson<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
