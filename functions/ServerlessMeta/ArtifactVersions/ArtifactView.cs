namespace ServerlessMeta.ArtifactVersions;

/// <summary>An artifact as it is answered.</summary>
public sealed record ArtifactView(string Name, string Type, long Versions, DateTimeOffset Created, LatestVersionView Latest)
{
    internal static ArtifactView From(Artifact artifact) => new(artifact.Name, ArtifactTypes.WordOf(artifact.Type), artifact.Latest, artifact.CreatedAt,
        new LatestVersionView(artifact.Latest, artifact.LatestAt, artifact.Digests.Md5, artifact.Digests.Sha256, artifact.Digests.Opaque, artifact.Size, artifact.Location));
}
