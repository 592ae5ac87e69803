namespace ServerlessMeta.ArtifactVersions;

public enum UseDirection
{
    Made,
    Used,
}
