using System.Globalization;

namespace ServerlessMeta.Tests.Monitoring.Streams;

/// <summary>
/// SEA concepts (Street and Kim 2001): three numbers from 0 to 10, of which the third says nothing; true when x1 + x2 is at most a threshold (8, 9, 7 or 9.5 in the paper), with a share of labels turned.
/// The model knows the first threshold.
/// </summary>
internal static class SeaStream
{
    public static readonly string[] Columns = ["x1", "x2", "x3"];

    /// <param name="thresholds">Each with the row from which on it holds.</param>
    /// <param name="shift">Added to x1 and x2 from <paramref name="shiftAt"/> on: the data drift, and the concept does not.</param>
    public static IEnumerable<StreamRow> Rows(int seed, int count, (int From, double Threshold)[] thresholds, double noise = 0.1, double shift = 0, int shiftAt = int.MaxValue)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var x = new[] { random.NextDouble() * 10, random.NextDouble() * 10, random.NextDouble() * 10 };
            if (i >= shiftAt)
            {
                x[0] += shift;
                x[1] += shift;
            }
            var (sum, known) = (x[0] + x[1], thresholds[0].Threshold);
            var label = sum <= thresholds.Last(one => one.From <= i).Threshold ^ random.NextDouble() < noise;
            // As sure as it can be: right but for the noise, and less so near the threshold.
            var score = noise + (1 - 2 * noise) / (1 + Math.Exp(4 * (sum - known)));
            yield return new(i, [.. x.Select(static value => value.ToString("R", CultureInfo.InvariantCulture))], label, sum <= known, score);
        }
    }
}
