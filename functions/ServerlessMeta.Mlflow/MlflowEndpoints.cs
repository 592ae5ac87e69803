using Microsoft.AspNetCore.Routing;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Mlflow.Datasets;
using ServerlessMeta.Mlflow.Experiments;
using ServerlessMeta.Mlflow.Metrics;
using ServerlessMeta.Mlflow.Runs;
using ServerlessMeta.Mlflow.Service;
using ServerlessMeta.Mlflow.Wire;

namespace ServerlessMeta.Mlflow;

/// <summary>MLflow's REST API over the store: its paths, its JSON, its errors. It keeps no state.</summary>
public static class MlflowEndpoints
{
    public static DatasetWords DatasetWords { get; } = new(RunSchema.DatasetContextTag);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var mlflow = new MlflowRoutes(routes);
        ServiceEndpoints.Map(routes, mlflow);
        ExperimentEndpoints.Map(mlflow);
        RunEndpoints.Map(mlflow);
        RunLogEndpoints.Map(mlflow);
        MetricEndpoints.Map(mlflow);
        DatasetEndpoints.Map(mlflow);
    }
}
