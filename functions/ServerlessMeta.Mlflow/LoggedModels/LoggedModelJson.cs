using ServerlessMeta.LoggedModels;
using ServerlessMeta.Mlflow.Experiments;
using ServerlessMeta.Mlflow.Runs;
using ServerlessMeta.Mlflow.Wire;

namespace ServerlessMeta.Mlflow.LoggedModels;

/// <summary>A logged model in the protocol's JSON.</summary>
internal static class LoggedModelJson
{
    public static string Status(LoggedModelStatus status) => "LOGGED_MODEL_" + Word(status);

    /// <summary>As queries write it.</summary>
    public static string Word(LoggedModelStatus status) => status switch
    {
        LoggedModelStatus.Pending => "PENDING",
        LoggedModelStatus.Ready => "READY",
        LoggedModelStatus.UploadFailed => "UPLOAD_FAILED",
        _ => throw new InvalidOperationException($"{status} has no word."),
    };

    public static string ArtifactUri(LoggedModel model) => $"{ExperimentJson.Location(model.Id.Experiment, model.ArtifactRoot)}/models/{model.Id}/artifacts";

    public static void Write(MlflowWriter json, LoggedModel model)
    {
        json.WriteStartObject("info"u8);
        json.WriteString("model_id"u8, model.Id.ToString());
        json.WriteString("experiment_id"u8, model.Id.Experiment.ToString());
        json.WriteString("name"u8, model.Name);
        json.WriteNumber("creation_timestamp_ms"u8, model.CreatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("last_updated_timestamp_ms"u8, model.UpdatedAt.ToUnixTimeMilliseconds());
        json.WriteString("artifact_uri"u8, ArtifactUri(model));
        json.WriteString("status"u8, Status(model.Status));
        json.WriteString("model_type"u8, model.Type);
        json.WriteString("source_run_id"u8, model.SourceRunId);
        json.WriteList("tags"u8, model.Tags, ExperimentJson.WriteTag);
        json.WriteEndObject();
        json.WriteStartObject("data"u8);
        json.WriteList("params"u8, model.Params, ExperimentJson.WriteTag);
        WriteMetrics(json, "metrics"u8, model);
        json.WriteEndObject();
    }

    public static void WriteMetrics(MlflowWriter json, ReadOnlySpan<byte> name, LoggedModel model)
    {
        var id = model.Id.ToString();
        json.WriteList(name, model.Metrics, (writer, metric) =>
        {
            RunJson.WriteMetric(writer, metric.Point);
            writer.WriteString("dataset_name"u8, metric.DatasetName);
            writer.WriteString("dataset_digest"u8, metric.DatasetDigest);
            writer.WriteString("model_id"u8, id);
            writer.WriteString("run_id"u8, metric.Run.ToString());
        });
    }
}
