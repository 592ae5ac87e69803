namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Two samples of finite values in one ascending order: each value that occurs, once, with how often (or with what weight) either side has it. Ties need no further thought.</summary>
internal sealed class PooledSamples
{
    private PooledSamples(double[] values, double[] reference, double[] current)
    {
        (Values, Reference, Current) = (values, reference, current);
        foreach (var count in reference)
        {
            ReferenceTotal += count;
        }
        foreach (var count in current)
        {
            CurrentTotal += count;
        }
    }

    public double[] Values { get; }

    /// <summary>The reference's count of each value.</summary>
    public double[] Reference { get; }

    /// <summary>The window's count of each value.</summary>
    public double[] Current { get; }

    public double ReferenceTotal { get; }

    public double CurrentTotal { get; }

    public static PooledSamples Of(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        double[] a = [.. reference];
        double[] b = [.. current];
        Array.Sort(a);
        Array.Sort(b);
        return Merge(a, null, b, null);
    }

    public static PooledSamples Weighted(ReadOnlySpan<double> reference, ReadOnlySpan<double> referenceWeights, ReadOnlySpan<double> current, ReadOnlySpan<double> currentWeights)
    {
        double[] a = [.. reference];
        double[] aw = [.. referenceWeights];
        double[] b = [.. current];
        double[] bw = [.. currentWeights];
        Array.Sort(a, aw);
        Array.Sort(b, bw);
        return Merge(a, aw, b, bw);
    }

    private static PooledSamples Merge(double[] a, double[]? aw, double[] b, double[]? bw)
    {
        var values = new List<double>(a.Length + b.Length);
        var reference = new List<double>(a.Length + b.Length);
        var current = new List<double>(a.Length + b.Length);
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            var value = j == b.Length || (i < a.Length && a[i] <= b[j]) ? a[i] : b[j];
            var (left, right) = (0.0, 0.0);
            for (; i < a.Length && a[i] == value; i++)
            {
                left += aw is null ? 1 : aw[i];
            }
            for (; j < b.Length && b[j] == value; j++)
            {
                right += bw is null ? 1 : bw[j];
            }
            values.Add(value);
            reference.Add(left);
            current.Add(right);
        }
        return new([.. values], [.. reference], [.. current]);
    }
}
