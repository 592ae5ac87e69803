namespace ServerlessMeta.ModelCards;

/// <summary>One thing that is said of a version, and the record that says it.</summary>
/// <param name="Name">What is said, in a few words.</param>
/// <param name="Value">What it is; null: nothing is recorded, and the card says "missing".</param>
/// <param name="Record">Where it stands: <c>version:3</c>, <c>run:{id}</c>, <c>evaluation:{id}</c>, ...; null when it is missing.</param>
internal sealed record Claim(string Name, string? Value, string? Record)
{
    public static Claim Missing(string name) => new(name, null, null);

    public static Claim Of(string name, string? value, string record) => string.IsNullOrEmpty(value) ? Missing(name) : new(name, value, record);
}
