namespace ServerlessMeta.Environments;

/// <summary>A file that describes an environment.</summary>
public sealed record EnvironmentFile(string Path, string Content);
