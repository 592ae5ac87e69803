namespace ServerlessMeta.ArtifactVersions;

/// <summary>What a dialect says of the datasets that runs read.</summary>
/// <param name="ContextTag">The tag of a dataset's use that names its context, such as training.</param>
public sealed record DatasetWords(string ContextTag);
