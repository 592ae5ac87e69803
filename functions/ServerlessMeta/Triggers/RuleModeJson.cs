using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessMeta.Triggers;

/// <summary>The mode of a rule as rules say it.</summary>
internal sealed class RuleModeJson() : JsonStringEnumConverter<RuleMode>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
