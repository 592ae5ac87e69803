using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// Kept rows as numbers, for statistics of whole rows. A category counts as its share of the reference's rows; all columns are standardised by the reference's rows; missing values are at the mean
/// (of categories: at the most frequent one).
/// </summary>
internal static class SampleMatrix
{
    private const int MaxRows = 500;

    /// <summary>Null where a side has fewer than <paramref name="minCount"/> rows, or no column is there on both and varies.</summary>
    public static (double[][] Reference, double[][] Current)? Of(DataProfile reference, DataProfile current, IReadOnlyCollection<string> features, int minCount)
    {
        if (reference.Sample is not { } a || current.Sample is not { } b || Math.Min(a.Rows.Length, b.Rows.Length) < Math.Max(minCount, 2))
        {
            return null;
        }
        var columns = new List<(double[] Reference, double[] Current)>();
        foreach (var name in features)
        {
            if (reference.Find(name) is { } column && a.Columns.IndexOf(name) is >= 0 and var at && b.Columns.IndexOf(name) is >= 0 and var other)
            {
                var encode = column.Kind == ColumnKind.Numeric ? Number : Encoder(a, at);
                var (x, y) = (Encode(a, at, encode), Encode(b, other, encode));
                if (Standardise(x, y))
                {
                    columns.Add((x, y));
                }
            }
        }
        return columns.Count == 0 ? null : (Rows(columns, static column => column.Reference), Rows(columns, static column => column.Current));
    }

    private static double[] Encode(RowSample sample, int column, Func<string?, double> encode) => [.. sample.Rows.Take(MaxRows).Select(row => encode(row[column]))];

    private static double Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN;

    private static Func<string?, double> Encoder(RowSample sample, int column)
    {
        var counts = sample.Rows.Select(row => row[column]).OfType<string>().CountBy(static word => word).ToImmutableDictionary(StringComparer.Ordinal);
        double total = Math.Max(1, counts.Values.Sum());
        var most = counts.Values.DefaultIfEmpty(0).Max() / total;
        return word => word is null ? most : counts.GetValueOrDefault(word) / total;
    }

    /// <summary>In place, by the reference; false: it does not vary.</summary>
    private static bool Standardise(double[] reference, double[] current)
    {
        double[] there = [.. reference.Where(static value => !double.IsNaN(value))];
        if (there.Length == 0)
        {
            return false;
        }
        var mean = there.Average();
        var deviation = Math.Sqrt(there.Average(value => (value - mean) * (value - mean)));
        if (deviation <= 0 || !double.IsFinite(deviation))
        {
            return false;
        }
        foreach (var side in (double[][])[reference, current])
        {
            for (var i = 0; i < side.Length; i++)
            {
                side[i] = double.IsNaN(side[i]) ? 0 : Math.Clamp((side[i] - mean) / deviation, -NumericComparison.Cap, NumericComparison.Cap);
            }
        }
        return true;
    }

    private static double[][] Rows(List<(double[] Reference, double[] Current)> columns, Func<(double[] Reference, double[] Current), double[]> side) =>
        [.. Enumerable.Range(0, side(columns[0]).Length).Select(row => columns.Select(column => side(column)[row]).ToArray())];
}
