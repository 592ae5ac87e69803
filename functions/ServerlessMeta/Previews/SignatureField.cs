namespace ServerlessMeta.Previews;

/// <param name="Name">Null for an input without a name.</param>
public sealed record SignatureField(string? Name, string Type, bool Required);
