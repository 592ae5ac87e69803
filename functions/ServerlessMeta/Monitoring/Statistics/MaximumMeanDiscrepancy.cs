namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The squared maximum mean discrepancy of rows (Gretton et al. 2012), unbiased, with the kernel exp(-d^2/(2 sigma^2)): mean within each side (without a row and itself) less twice the mean between them.
/// About 0 without drift, and may be below. The p-value is by permutation, with a seed so that it repeats.
/// </summary>
internal static class MaximumMeanDiscrepancy
{
    /// <summary>The unbiased estimate alone. Two rows a side at least, all of the same length.</summary>
    public static double Squared(IReadOnlyList<double[]> reference, IReadOnlyList<double[]> current, double sigma)
    {
        var kernel = Kernel(reference, current, sigma, out var sums, out var total);
        int[] first = [.. Enumerable.Range(0, reference.Count)];
        return Estimate(kernel, sums, total, first, reference.Count + current.Count);
    }

    /// <summary>With p = (1 + permutations that reach the estimate)/(1 + permutations).</summary>
    public static Significance Compare(IReadOnlyList<double[]> reference, IReadOnlyList<double[]> current, double sigma, int permutations, ulong seed)
    {
        var kernel = Kernel(reference, current, sigma, out var sums, out var total);
        var all = reference.Count + current.Count;
        int[] order = [.. Enumerable.Range(0, all)];
        var observed = Estimate(kernel, sums, total, order.AsSpan(0, reference.Count), all);
        var reached = 1;
        for (var round = 0; round < permutations; round++)
        {
            for (var i = 0; i < reference.Count; i++)
            {
                var other = i + (int)(Next(ref seed) % (ulong)(all - i));
                (order[i], order[other]) = (order[other], order[i]);
            }
            reached += Estimate(kernel, sums, total, order.AsSpan(0, reference.Count), all) >= observed ? 1 : 0;
        }
        return new(observed, reached / (1.0 + permutations));
    }

    /// <summary>The median distance of the reference's rows from each other, the usual sigma; 1 if that is 0.</summary>
    public static double MedianDistance(IReadOnlyList<double[]> rows)
    {
        var distances = new List<double>(rows.Count * (rows.Count - 1) / 2);
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                distances.Add(Math.Sqrt(SquaredDistance(rows[i], rows[j])));
            }
        }
        distances.Sort();
        return distances.Count > 0 && HistogramEdges.Quantile([.. distances], 0.5) is > 0 and var median ? median : 1;
    }

    /// <summary>All pairs, with 0 on the diagonal; <paramref name="sums"/> of each row, and of all.</summary>
    private static double[] Kernel(IReadOnlyList<double[]> reference, IReadOnlyList<double[]> current, double sigma, out double[] sums, out double total)
    {
        double[][] rows = [.. reference, .. current];
        var kernel = new double[rows.Length * rows.Length];
        sums = new double[rows.Length];
        total = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var value = Math.Exp(-SquaredDistance(rows[i], rows[j]) / (2 * sigma * sigma));
                kernel[(i * rows.Length) + j] = value;
                kernel[(j * rows.Length) + i] = value;
                sums[i] += value;
                sums[j] += value;
                total += 2 * value;
            }
        }
        return kernel;
    }

    /// <summary>The estimate when the rows <paramref name="first"/> are one side and all others the other.</summary>
    private static double Estimate(double[] kernel, double[] sums, double total, ReadOnlySpan<int> first, int all)
    {
        var (within, touching) = (0.0, 0.0);
        for (var i = 0; i < first.Length; i++)
        {
            var row = kernel.AsSpan(first[i] * all, all);
            touching += sums[first[i]];
            for (var j = 0; j < i; j++)
            {
                within += row[first[j]];
            }
        }
        within *= 2;
        var between = touching - within;
        double n = first.Length;
        double m = all - first.Length;
        return (within / (n * (n - 1))) + ((total - within - (2 * between)) / (m * (m - 1))) - (2 * between / (n * m));
    }

    private static double SquaredDistance(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }

    /// <summary>SplitMix64: the same numbers on every runtime.</summary>
    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
