using System.Collections.Frozen;

namespace ServerlessMeta.App.Messages;

/// <summary>What can be done by events: each operation is one line, and its request the same as over HTTP.</summary>
internal static class IngestOperations
{
    private static readonly string[] Run = ["run_id", "runId", "run_uuid", "runUuid"];

    public static FrozenDictionary<string, IngestOperation> All { get; } = new IngestOperation[]
    {
        new("run.create", "/api/2.0/mlflow/runs/create"),
        new("run.update", "/api/2.0/mlflow/runs/update") { Target = Run },
        new("run.log-batch", "/api/2.0/mlflow/runs/log-batch") { Target = Run },
        new("run.set-tag", "/api/2.0/mlflow/runs/set-tag") { Target = Run },
        new("run.log-inputs", "/api/2.0/mlflow/runs/log-inputs") { Target = Run },
        new("artifact.register", "/api/v1/artifacts") { Target = ["name"] },
        new("evaluation.record", "/api/v1/models/{model}/versions/{version}/evaluations"),
        new("window.post", "/api/v1/models/{model}/versions/{version}/windows", "/api/v1/monitors/{monitor}/windows"),
        new("labels.post", "/api/v1/models/{model}/versions/{version}/labels", "/api/v1/monitors/{monitor}/labels"),
        new("retrain.started", "/api/v1/triggers/{trigger}/started"),
        new("retrain.completed", "/api/v1/triggers/{trigger}/completed"),
    }.ToFrozenDictionary(static operation => operation.Type, StringComparer.Ordinal);
}
