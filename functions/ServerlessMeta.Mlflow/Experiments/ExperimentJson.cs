using ServerlessMeta.Experiments;
using ServerlessMeta.Mlflow.Artifacts;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Mlflow.Experiments;

internal static class ExperimentJson
{
    public static string Location(ExperimentId id, string? given) => given ?? $"{ArtifactRules.Scheme}:/{id}";

    public static void Write(MlflowWriter json, Experiment experiment)
    {
        json.WriteString("experiment_id"u8, experiment.Id.ToString());
        json.WriteString("name"u8, experiment.Name);
        json.WriteString("artifact_location"u8, Location(experiment.Id, experiment.ArtifactLocation));
        json.WriteString("lifecycle_stage"u8, Stage(experiment.Stage));
        json.WriteNumber("last_update_time"u8, experiment.UpdatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("creation_time"u8, experiment.CreatedAt.ToUnixTimeMilliseconds());
        json.WriteList("tags"u8, experiment.Tags, WriteTag);
    }

    public static string Stage(LifecycleStage stage) => stage is LifecycleStage.Active ? "active" : "deleted";

    public static void WriteTag(MlflowWriter json, Tag tag)
    {
        json.WriteString("key"u8, tag.Key);
        json.WriteString("value"u8, tag.Value);
    }
}
