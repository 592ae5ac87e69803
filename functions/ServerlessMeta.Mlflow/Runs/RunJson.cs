using ServerlessMeta.Datasets;
using ServerlessMeta.Metrics;
using ServerlessMeta.Mlflow.Experiments;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Mlflow.Runs;

/// <summary>A run in the protocol's JSON.</summary>
internal static class RunJson
{
    public static string Status(RunStatus status) => status switch
    {
        RunStatus.Running => "RUNNING",
        RunStatus.Scheduled => "SCHEDULED",
        RunStatus.Finished => "FINISHED",
        RunStatus.Failed => "FAILED",
        RunStatus.Killed => "KILLED",
        _ => throw new InvalidOperationException($"{status} has no word."),
    };

    public static string ArtifactUri(RunInfo run) => $"{ExperimentJson.Location(run.Id.Experiment, run.ArtifactRoot)}/{run.Id}/artifacts";

    public static void Write(MlflowWriter json, Run run)
    {
        json.WriteStartObject("info"u8);
        WriteInfo(json, run.Info);
        json.WriteEndObject();
        json.WriteStartObject("data"u8);
        json.WriteList("metrics"u8, run.Metrics, WriteMetric);
        json.WriteList("params"u8, run.Params, ExperimentJson.WriteTag);
        // The name is kept once; it is a tag too.
        json.WriteList("tags"u8, run.Tags.Insert(0, new Tag(Rules.NameTag, run.Info.Name)), ExperimentJson.WriteTag);
        json.WriteEndObject();
        json.WriteStartObject("inputs"u8);
        json.WriteList("dataset_inputs"u8, run.Datasets, WriteDataset);
        json.WriteList("model_inputs"u8, run.Models, static (json, model) => json.WriteString("model_id"u8, model.ModelId));
        json.WriteEndObject();
        if (run.Outputs.Length > 0)
        {
            json.WriteStartObject("outputs"u8);
            json.WriteList("model_outputs"u8, run.Outputs, static (json, output) =>
            {
                json.WriteString("model_id"u8, output.ModelId);
                json.WriteNumber("step"u8, output.Step);
            });
            json.WriteEndObject();
        }
    }

    public static void WriteInfo(MlflowWriter json, RunInfo run)
    {
        var id = run.Id.ToString();
        json.WriteString("run_id"u8, id);
        json.WriteString("run_uuid"u8, id);
        json.WriteString("run_name"u8, run.Name);
        json.WriteString("experiment_id"u8, run.Id.Experiment.ToString());
        json.WriteString("user_id"u8, run.UserId);
        json.WriteString("status"u8, Status(run.Status));
        json.WriteNumber("start_time"u8, run.StartedAt.ToUnixTimeMilliseconds());
        if (run.EndedAt is { } end)
        {
            json.WriteNumber("end_time"u8, end.ToUnixTimeMilliseconds());
        }
        json.WriteString("artifact_uri"u8, ArtifactUri(run));
        json.WriteString("lifecycle_stage"u8, ExperimentJson.Stage(run.Stage));
    }

    public static void WriteMetric(MlflowWriter json, MetricPoint point)
    {
        json.WriteString("key"u8, point.Key);
        json.WriteValue("value"u8, point.Value);
        json.WriteNumber("timestamp"u8, point.Timestamp);
        json.WriteNumber("step"u8, point.Step);
    }

    private static void WriteDataset(MlflowWriter json, DatasetInput input)
    {
        json.WriteList("tags"u8, input.Tags, ExperimentJson.WriteTag);
        json.WriteStartObject("dataset"u8);
        json.WriteString("name"u8, input.Name);
        json.WriteString("digest"u8, input.Digest);
        json.WriteString("source_type"u8, input.SourceType);
        json.WriteString("source"u8, input.Source);
        json.WriteString("schema"u8, input.Schema);
        json.WriteString("profile"u8, input.Profile);
        json.WriteEndObject();
    }
}
