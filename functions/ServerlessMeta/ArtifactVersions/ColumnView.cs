namespace ServerlessMeta.ArtifactVersions;

public sealed record ColumnView(string Name, string Type);
