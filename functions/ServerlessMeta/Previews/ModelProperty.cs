namespace ServerlessMeta.Previews;

public sealed record ModelProperty(string Name, string Value);
