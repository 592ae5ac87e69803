using Microsoft.AspNetCore.Routing;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Mlflow.Artifacts;
using ServerlessMeta.Mlflow.Datasets;
using ServerlessMeta.Mlflow.Experiments;
using ServerlessMeta.Mlflow.LoggedModels;
using ServerlessMeta.Mlflow.Metrics;
using ServerlessMeta.Mlflow.Models;
using ServerlessMeta.Mlflow.Runs;
using ServerlessMeta.Mlflow.Service;
using ServerlessMeta.Mlflow.Webhooks;
using ServerlessMeta.Mlflow.Wire;
using ServerlessMeta.Models;
using ServerlessMeta.Search;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Mlflow;

/// <summary>MLflow's REST API over the store: its paths, its JSON, its errors. It keeps no state.</summary>
public static class MlflowEndpoints
{
    /// <summary>The scheme by which the dialect addresses this store's own files.</summary>
    public const string ArtifactScheme = ArtifactRules.Scheme;

    public static ModelWords ModelWords { get; } = new(ModelRules.PromptTag, ModelRules.PromptTextTag);

    public static DatasetWords DatasetWords { get; } = new(RunSchema.DatasetContextTag);

    /// <summary>What a filter over experiments may name.</summary>
    public static FieldSchema ExperimentFields => ExperimentSchema.Schema;

    /// <summary>What a filter over runs may name.</summary>
    public static FieldSchema RunFields => RunSchema.Schema;

    public static RunWords RunWords => RunSchema.Words;

    /// <summary>The headers by which receivers of the protocol verify what they get.</summary>
    public static WebhookWords WebhookWords { get; } = new("X-MLflow-Signature", "X-MLflow-Timestamp", "X-MLflow-Delivery-Id");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var mlflow = new MlflowRoutes(routes);
        ServiceEndpoints.Map(routes, mlflow);
        ExperimentEndpoints.Map(mlflow);
        RunEndpoints.Map(mlflow);
        RunLogEndpoints.Map(mlflow);
        MetricEndpoints.Map(mlflow);
        ArtifactProxyEndpoints.Map(mlflow);
        RunArtifactEndpoints.Map(routes, mlflow);
        DatasetEndpoints.Map(mlflow);
        LoggedModelEndpoints.Map(mlflow);
        WebhookEndpoints.Map(mlflow);
        RegisteredModelEndpoints.Map(mlflow);
        ModelVersionEndpoints.Map(mlflow);
        RegistrySearchEndpoints.Map(mlflow);
    }
}
