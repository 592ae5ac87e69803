using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Tests.Monitoring.Streams;

/// <summary>Profiles of streams, by plain counting.</summary>
internal static class StreamProfile
{
    private const int Bins = 16;

    /// <param name="edges">The baseline, whose edges count; null: its own quantiles.</param>
    public static DataProfile Of(string[] columns, IReadOnlyList<StreamRow> rows, DataProfile? edges = null)
    {
        var table = columns.Select((name, i) => (name, values: rows.Select(row => (string?)row.Values[i]).ToArray()))
            .Append(("predicted", [.. rows.Select(static row => row.Prediction ? "yes" : "no")]))
            .Append(("score", [.. rows.Select(static row => row.Score.ToString("R", CultureInfo.InvariantCulture))]));
        return new() { Rows = rows.Count, Columns = [.. table.Select(column => Column(column.name, column.values, edges?.Find(column.name)))] };
    }

    public static ColumnProfile Column(string name, string?[] values, ColumnProfile? baseline = null)
    {
        var present = values.OfType<string>().ToList();
        double[] numbers = [.. present.Select(static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) ? x : double.NaN)];
        return numbers.Length > 0 && numbers.All(double.IsFinite) ? Numeric(name, values.Length, numbers, baseline?.Bins?.Edges) : Categorical(name, values.Length, present);
    }

    private static ColumnProfile Categorical(string name, int rows, List<string> present) => new()
    {
        Name = name,
        Kind = ColumnKind.Categorical,
        Count = rows,
        Missing = rows - present.Count,
        Categories = new(present.GroupBy(static one => one, StringComparer.Ordinal).ToImmutableSortedDictionary(static one => one.Key, static one => one.LongCount(), StringComparer.Ordinal), 0, true),
        Distinct = present.Distinct(StringComparer.Ordinal).Count(),
    };

    private static ColumnProfile Numeric(string name, int rows, double[] numbers, ImmutableArray<double>? edges)
    {
        Array.Sort(numbers);
        var used = edges ?? [.. Enumerable.Range(0, Bins + 1).Select(i => numbers[(int)((long)i * (numbers.Length - 1) / Bins)]).Distinct()];
        if (used.Length == 1)
        {
            used = [used[0], used[0]];
        }
        var counts = new long[used.Length - 1];
        var (below, above) = (0L, 0L);
        foreach (var x in numbers)
        {
            if (x < used[0])
            {
                below++;
            }
            else if (x > used[^1])
            {
                above++;
            }
            else
            {
                counts[Math.Clamp(used.Count(edge => edge <= x) - 1, 0, counts.Length - 1)]++;
            }
        }
        var mean = numbers.Average();
        double Power(int power) => numbers.Sum(x => Math.Pow(x - mean, power));
        return new()
        {
            Name = name,
            Kind = ColumnKind.Numeric,
            Count = rows,
            Missing = rows - numbers.Length,
            Min = numbers[0],
            Max = numbers[^1],
            Moments = new(numbers.Length, mean, Power(2), Power(3), Power(4)),
            Bins = new(used, [.. counts], below, above),
            Distinct = numbers.Distinct().Count(),
        };
    }
}
