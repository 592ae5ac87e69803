using System.Text.Json;
using Azure.Data.Tables;
using ServerlessMeta.Runs;

namespace ServerlessMeta.RunWatch;

/// <summary>What one write of a run showed to be wrong: a row by time and one by run, each with all of it.</summary>
internal static class RunAnomalyRow
{
    // Beside it the row has little; the longest names and details of 64 fit.
    private const int HighestBytes = 60 * 1024;

    public static readonly string[] Columns = ["PartitionKey", "RowKey", "run", "at", "seen"];

    /// <param name="partition">The run's partition.</param>
    /// <param name="run">The run.</param>
    /// <param name="revision">The run's revision that shows it.</param>
    /// <param name="at">When the write is made.</param>
    /// <param name="seen">What was seen; nothing: no rows.</param>
    public static IEnumerable<TableEntity> From(string partition, RunId run, long revision, DateTimeOffset at, IReadOnlyList<SeenAnomaly> seen)
    {
        if (seen.Count == 0)
        {
            return [];
        }
        var recorded = seen.Select(static one => new RecordedAnomaly(one.Kind, one.Metric, one.Step, double.IsFinite(one.Value) ? one.Value : null, one.Detail)).ToArray();
        var packed = Pack(recorded);
        for (var kept = recorded.Length; packed.Length > HighestBytes; packed = Pack(recorded[..kept]))
        {
            kept /= 2;
        }
        return [Row(RunWatchKeys.ByTime(at, run, revision)), Row(RunWatchKeys.ByRun(run, revision))];

        TableEntity Row(string rowKey) => new(partition, rowKey) { ["run"] = run.ToString(), ["at"] = at.ToUnixTimeMilliseconds(), ["seen"] = packed };
    }

    /// <summary>What a row tells, the last first.</summary>
    public static IEnumerable<RunAnomaly> To(TableEntity row)
    {
        var run = RunId.Parse(row.GetString("run"), null);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64("at")!.Value);
        return JsonSerializer.Deserialize(row.GetBinary("seen"), RunWatchJson.Relaxed.RecordedAnomalyArray)!.AsEnumerable().Reverse()
            .Select(one => new RunAnomaly(run, AnomalyKinds.WordOf(one.Kind), one.Metric, one.Step, one.Value, at, one.Detail));
    }

    private static byte[] Pack(RecordedAnomaly[] recorded) => JsonSerializer.SerializeToUtf8Bytes(recorded, RunWatchJson.Relaxed.RecordedAnomalyArray);
}
