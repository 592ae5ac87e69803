using System.Text.Json;

namespace ServerlessMeta.Policies;

/// <summary>A policy as it is answered: <c>policy</c> is what was set (see <see cref="PolicyText"/>), <c>number</c> its number.</summary>
public sealed record PolicyView(int Number, DateTimeOffset At, string By, JsonElement Policy)
{
    internal static PolicyView From(ModelPolicy policy)
    {
        using var json = JsonDocument.Parse(PolicyText.Write(policy.Content));
        return new PolicyView(policy.Number, policy.At, policy.By, json.RootElement.Clone());
    }
}
