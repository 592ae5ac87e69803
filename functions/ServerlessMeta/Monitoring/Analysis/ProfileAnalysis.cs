using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Monitoring.Statistics;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>The columns of a profile against those of another. Predictions and scores are compared as features are: that is prediction drift.</summary>
internal static class ProfileAnalysis
{
    /// <param name="baseline">Null: there is nothing to compare with, which each column says.</param>
    public static (ImmutableArray<ColumnResult> Columns, ImmutableArray<MetricResult> Dataset) Compare(DataProfile? baseline, DataProfile current, AnalysisOptions options)
    {
        var (before, now) = (ByName(baseline), ByName(current));
        var (samplesBefore, samplesNow) = (new SampleColumns(baseline?.Sample), new SampleColumns(current.Sample));
        // In the order of the baseline, with what only the window has at the end.
        ImmutableArray<ColumnResult> columns =
        [
            .. (baseline?.Columns ?? []).Concat(current.Columns).Select(static one => one.Name).Distinct(StringComparer.Ordinal)
                .Select(name => (Name: name, Role: RoleOf(name, options.Schema))).Where(static one => one.Role is not null)
                .Select(one => ColumnComparison.Compare(before.GetValueOrDefault(one.Name), now.GetValueOrDefault(one.Name), current.Rows, one.Name, one.Role!.Value, options, samplesBefore.Find(one.Name), samplesNow.Find(one.Name))),
        ];
        return baseline is null ? (columns, []) : DatasetComparison.Compare(baseline, current, columns, options);
    }

    /// <summary>What a column is; null for what names a prediction or tells its time, which says nothing of the data.</summary>
    public static ColumnRole? RoleOf(string column, PredictionSchema schema) =>
        column == schema.Prediction ? ColumnRole.Prediction
        : column == schema.Score ? ColumnRole.Score
        : column == schema.Label ? ColumnRole.Label
        : column == schema.Id || column == schema.Time ? null
        : ColumnRole.Feature;

    private static Dictionary<string, ColumnProfile> ByName(DataProfile? profile)
    {
        var columns = new Dictionary<string, ColumnProfile>(StringComparer.Ordinal);
        foreach (var column in profile?.Columns ?? [])
        {
            columns.TryAdd(column.Name, column);
        }
        return columns;
    }
}
