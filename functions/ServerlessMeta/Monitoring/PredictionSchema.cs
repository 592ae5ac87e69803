namespace ServerlessMeta.Monitoring;

/// <summary>Which columns of a window are more than features; null: there is none.</summary>
/// <param name="Positive">The positive class of a binary task, as text; null: <c>1</c> or <c>true</c>.</param>
public sealed record PredictionSchema(ModelTask Task, string? Id, string? Time, string? Prediction, string? Score, string? Label, string? Positive)
{
    public static PredictionSchema None { get; } = new(ModelTask.None, null, null, null, null, null, null);
}
