using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>Predictions in the order of their time and id, each id once.</summary>
internal static class PredictionOrder
{
    /// <summary>What is in order already is given back as it is. Of an id that stands twice, one with a label counts, else the earliest.</summary>
    public static ImmutableArray<JoinedPrediction> Of(ImmutableArray<JoinedPrediction> predictions)
    {
        if (predictions.IsDefaultOrEmpty)
        {
            return [];
        }
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var isOrdered = true;
        for (var i = 0; i < predictions.Length && isOrdered; i++)
        {
            isOrdered = ids.Add(predictions[i].Id) && (i == 0 || Compare(predictions[i - 1], predictions[i]) < 0);
        }
        return isOrdered ? predictions
            : [.. predictions.GroupBy(static one => one.Id, StringComparer.Ordinal).Select(static same => same.OrderBy(static one => one.Label is null).ThenBy(static one => one.LabelAt).ThenBy(static one => one.At).ThenBy(static one => one.Label, StringComparer.Ordinal).First()).Order(Comparer<JoinedPrediction>.Create(Compare))];
    }

    private static int Compare(JoinedPrediction one, JoinedPrediction other) => one.At.CompareTo(other.At) is var order && order != 0 ? order : string.CompareOrdinal(one.Id, other.Id);
}
