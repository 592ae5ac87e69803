using System.Text.Json;

namespace ServerlessMeta.Triggers;

/// <summary>The body of a rule, for the description of the API; its shape stands at <see cref="RuleText"/>. Read by <see cref="RuleBody"/>, which finds every fault.</summary>
public sealed record SetRule(JsonElement Target, JsonElement When, JsonElement? Aggregate = null, JsonElement? Actions = null, string? Mode = null, string? Id = null);
