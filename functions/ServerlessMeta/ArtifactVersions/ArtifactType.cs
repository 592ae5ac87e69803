namespace ServerlessMeta.ArtifactVersions;

public enum ArtifactType
{
    Dataset,
    Model,
    Predictions,
    Image,
    Table,
    Code,
    Other,
}
