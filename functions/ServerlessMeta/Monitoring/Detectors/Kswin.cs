using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>
/// KSWIN (Raab and others 2020): the newest numbers of a window against older ones by the two-sample Kolmogorov-Smirnov test. The older ones are taken in even strides, where the paper draws them,
/// so that the same series always gives the same answer.
/// </summary>
internal sealed class Kswin : Detector
{
    public const string Name = "kswin";

    private const double LeastDistance = 0.1;

    public double Alpha { get; init; } = 0.005;

    public int Window { get; init; } = 100;

    /// <summary>How many numbers each sample has; at most half the window.</summary>
    public int Size { get; init; } = 30;

    /// <summary>The window, the oldest first.</summary>
    [JsonInclude]
    public List<double> Values { get; internal set; } = [];

    protected override void Reset()
    {
        // What is newest stays: it is the first of what comes now.
        Values.RemoveRange(0, Math.Max(0, Values.Count - Size));
    }

    protected override void Process(double x)
    {
        if (Values.Count == Window)
        {
            Values.RemoveAt(0);
        }
        Values.Add(x);
        if (Values.Count < Window)
        {
            return;
        }
        var (older, newer) = (new double[Size], new double[Size]);
        for (var i = 0; i < Size; i++)
        {
            older[i] = Values[(int)((2L * i + 1) * (Window - Size) / (2L * Size))];
            newer[i] = Values[Window - Size + i];
        }
        var steps = Steps(older, newer);
        IsDrift = (double)steps / Size > LeastDistance && ExactP(steps, Size) <= Alpha;
    }

    /// <summary>The greatest difference of the two counts of values up to a value.</summary>
    private static int Steps(double[] one, double[] other)
    {
        Array.Sort(one);
        Array.Sort(other);
        var (i, j, most) = (0, 0, 0);
        while (i < one.Length && j < other.Length)
        {
            var value = Math.Min(one[i], other[j]);
            while (i < one.Length && one[i] == value)
            {
                i++;
            }
            while (j < other.Length && other[j] == value)
            {
                j++;
            }
            most = Math.Max(most, Math.Abs(i - j));
        }
        return most;
    }

    /// <summary>The exact p-value of two samples of the same size (Gnedenko and Korolyuk 1951): 2 sum (-1)^(j-1) C(2n, n-jh)/C(2n, n).</summary>
    internal static double ExactP(int steps, int size)
    {
        if (steps == 0)
        {
            return 1;
        }
        var (sum, ratio, sign) = (0.0, 1.0, 1);
        for (var k = 1; k <= size; k++)
        {
            ratio *= (size - k + 1.0) / (size + k);
            if (k % steps == 0)
            {
                sum += sign * ratio;
                sign = -sign;
            }
        }
        return Math.Clamp(2 * sum, 0, 1);
    }
}
