using ServerlessMeta.Monitoring;

namespace ServerlessMeta.Tests.Monitoring.Performance;

/// <summary>What the tests of performance share.</summary>
internal static class Some
{
    public static PredictionSchema Binary { get; } = new(ModelTask.Binary, "id", "at", "predicted", "score", "label", null);

    public static PredictionSchema Multiclass { get; } = Binary with { Task = ModelTask.Multiclass, Score = null };

    public static PredictionSchema Regression { get; } = Binary with { Task = ModelTask.Regression, Score = null };
}
