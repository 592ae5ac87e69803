using System.Text.Json;

namespace ServerlessMeta.Triggers;

/// <param name="Name">A name to set it by.</param>
/// <param name="Why">What it is good for.</param>
/// <param name="Rule">The rule, to be set as it is.</param>
public sealed record RuleDefault(string Name, string Why, JsonElement Rule);
