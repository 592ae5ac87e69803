using System.Globalization;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>The numbers of the rows that a profile kept.</summary>
internal sealed class SampleColumns(RowSample? sample)
{
    private readonly Dictionary<string, int> places = (sample?.Columns ?? []).Select(static (name, place) => (name, place))
        .DistinctBy(static one => one.name, StringComparer.Ordinal).ToDictionary(static one => one.name, static one => one.place, StringComparer.Ordinal);

    /// <summary>The finite numbers of a column; null when no rows were kept, or they have none.</summary>
    public IReadOnlyList<double>? Find(string column)
    {
        if (sample is null || !places.TryGetValue(column, out var place))
        {
            return null;
        }
        var numbers = new List<double>(sample.Rows.Length);
        foreach (var row in sample.Rows)
        {
            if (place < row.Length && double.TryParse(row[place], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            {
                numbers.Add(number);
            }
        }
        return numbers.Count == 0 ? null : numbers;
    }
}
