using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Mlflow.Experiments;
using ServerlessMeta.Mlflow.LoggedModels;
using ServerlessMeta.Mlflow.Metrics;
using ServerlessMeta.Mlflow.Runs;
using ServerlessMeta.Mlflow.Service;
using ServerlessMeta.Mlflow.Wire;

namespace ServerlessMeta.Mlflow;

/// <summary>MLflow's REST API over the store: its paths, its JSON, its errors. It keeps no state.</summary>
public static class MlflowEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var mlflow = new MlflowRoutes(routes);
        ServiceEndpoints.Map(routes, mlflow);
        ExperimentEndpoints.Map(mlflow);
        RunEndpoints.Map(mlflow);
        RunLogEndpoints.Map(mlflow);
        MetricEndpoints.Map(mlflow);
        LoggedModelEndpoints.Map(mlflow);
    }
}
