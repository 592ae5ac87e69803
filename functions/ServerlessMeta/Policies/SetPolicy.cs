using System.Text.Json;

namespace ServerlessMeta.Policies;

/// <summary>The body of a policy, for the description of the API; its shape stands at <see cref="PolicyText"/>. Read by <see cref="PolicyBody"/>, which finds every fault.</summary>
public sealed record SetPolicy(IReadOnlyDictionary<string, bool>? HigherIsBetter = null, IReadOnlyDictionary<string, JsonElement>? Aliases = null, IReadOnlyDictionary<string, JsonElement>? Stages = null);
