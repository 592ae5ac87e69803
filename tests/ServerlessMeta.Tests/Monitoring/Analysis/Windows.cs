using System.Collections.Immutable;
using System.Text.Json;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Tests.Monitoring.Performance;
using ServerlessMeta.Tests.Monitoring.Streams;

namespace ServerlessMeta.Tests.Monitoring.Analysis;

/// <summary>Inputs of windows, made of streams.</summary>
internal static class Windows
{
    public static AnalysisOptions Options { get; } = new() { Schema = new(ModelTask.Binary, "id", "at", "predicted", "score", null, null), MinLabels = 100 };

    public static DataProfile Nothing { get; } = new() { Rows = 0, Columns = [] };

    /// <param name="rows">All rows of the window, which starts with the first.</param>
    /// <param name="baseline">Null: none.</param>
    /// <param name="labelled">Which rows have labels; null: all.</param>
    public static AnalysisInput Of(string[] columns, IReadOnlyList<StreamRow> rows, IReadOnlyList<StreamRow>? baseline, Func<StreamRow, bool>? labelled = null, string? detectors = null)
    {
        var profile = baseline is null ? null : StreamProfile.Of(columns, baseline);
        return new()
        {
            Window = rows[0].Id,
            Start = rows[0].At,
            End = rows[^1].At.AddMinutes(1),
            Revision = 1,
            Now = rows[^1].At.AddHours(2),
            Options = Options,
            BaselineNumber = baseline is null ? 0 : 1,
            Baseline = profile,
            BaselinePredictions = [.. (baseline ?? []).Select(static row => row.Joined())],
            Current = StreamProfile.Of(columns, rows, profile),
            Predictions = [.. rows.Select(row => row.Joined(labelled?.Invoke(row) ?? true))],
            Detectors = detectors,
        };
    }

    /// <summary>Predictions only: no columns, no baseline.</summary>
    public static AnalysisInput Of(ImmutableArray<JoinedPrediction> predictions, AnalysisOptions options, ImmutableArray<JoinedPrediction> baseline = default) => new()
    {
        Window = "w",
        Start = StreamRow.Start,
        End = StreamRow.Start.AddDays(1),
        Revision = 1,
        Now = StreamRow.Start.AddDays(2),
        Options = options,
        BaselineNumber = baseline.IsDefaultOrEmpty ? 0 : 1,
        BaselinePredictions = baseline.IsDefault ? [] : baseline,
        Current = Nothing,
        Predictions = predictions,
    };

    public static AnalysisOptions For(PredictionSchema schema) => Options with { Schema = schema };

    public static string Json(WindowResult result) => JsonSerializer.Serialize(result, ResultJson.Relaxed.WindowResult);

    public static MetricResult Performance(this WindowResult result, string metric) => result.Performance.Single(one => one.Metric == metric);

    public static ColumnResult Column(this WindowResult result, string column) => result.Columns.Single(one => one.Column == column);
}
