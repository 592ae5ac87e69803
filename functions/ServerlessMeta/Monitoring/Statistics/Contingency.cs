namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The chi-squared test of a 2 x k table of counts: expected = row total * column total / N, k-1 degrees of freedom over the columns that occur, Yates's correction with one degree of freedom,
/// Cramer's V = sqrt(chi2/(N min(r-1, k-1))) of the uncorrected statistic.
/// </summary>
internal static class Contingency
{
    private const double SmallExpected = 5;
    private const double SmallExpectedOfTwo = 10;
    private const double MostSmall = 0.2;

    /// <summary>As it stands.</summary>
    public static ContingencyResult Test(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, bool yates = true)
    {
        var (plain, corrected, columns) = Statistics(reference, current);
        if (columns < 2)
        {
            return new(0, 1, 0, 0, IsRegrouped: false, IsFisher: false);
        }
        var statistic = yates && columns == 2 ? corrected : plain;
        return new(statistic, ChiSquared.Sf(statistic, columns - 1), columns - 1, Math.Sqrt(plain / (Sum(reference) + Sum(current))), IsRegrouped: false, IsFisher: false);
    }

    /// <summary>
    /// With rare categories put together first: while more than a fifth of the expected counts (of the smaller side) are below 5, the rarest category joins the next rarest.
    /// Two categories of which one is expected less than 10 times are tested by Fisher's exact test.
    /// </summary>
    public static ContingencyResult TestRegrouped(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        var (n, m) = (Sum(reference), Sum(current));
        var share = Math.Min(n, m) / (n + m);
        var columns = new List<(double Reference, double Current)>(reference.Length);
        for (var i = 0; i < reference.Length; i++)
        {
            if (reference[i] + current[i] > 0)
            {
                columns.Add((reference[i], current[i]));
            }
        }
        columns.Sort(static (a, b) => (a.Reference + a.Current).CompareTo(b.Reference + b.Current));
        var before = columns.Count;
        var small = columns.FindIndex(column => (column.Reference + column.Current) * share >= SmallExpected) is var at && at < 0 ? columns.Count : at;
        // The rare ones stand first. Joining two of them takes one away, or two when the sum is no longer rare.
        while (columns.Count > 2 && small > Math.Floor(MostSmall * columns.Count))
        {
            var joined = (columns[0].Reference + columns[1].Reference, columns[0].Current + columns[1].Current);
            var total = joined.Item1 + joined.Item2;
            columns.RemoveRange(0, 2);
            var place = columns.FindIndex(column => column.Reference + column.Current >= total);
            columns.Insert(place < 0 ? columns.Count : place, joined);
            small = columns.FindIndex(column => (column.Reference + column.Current) * share >= SmallExpected) is var next && next < 0 ? columns.Count : next;
        }
        double[] a = [.. columns.Select(static column => column.Reference)];
        double[] b = [.. columns.Select(static column => column.Current)];
        var v = Test(reference, current).CramersV;
        var result = Test(a, b) with { CramersV = v, IsRegrouped = columns.Count < before };
        return columns.Count == 2 && (columns[0].Reference + columns[0].Current) * share < SmallExpectedOfTwo
            ? result with { P = FisherExact.Compare((long)a[0], (long)a[1], (long)b[0], (long)b[1]).P, IsFisher = true }
            : result;
    }

    private static (double Plain, double Corrected, int Columns) Statistics(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        var (n, m) = (Sum(reference), Sum(current));
        var (plain, corrected, columns) = (0.0, 0.0, 0);
        for (var i = 0; i < reference.Length; i++)
        {
            var total = reference[i] + current[i];
            if (total <= 0)
            {
                continue;
            }
            columns++;
            // Both rows differ from what is expected by the same amount.
            var difference = Math.Abs(reference[i] - (total * n / (n + m)));
            var inverse = (n + m) / total * ((1 / n) + (1 / m));
            var less = difference - Math.Min(0.5, difference);
            plain += difference * difference * inverse;
            corrected += less * less * inverse;
        }
        return (plain, corrected, columns);
    }

    private static double Sum(ReadOnlySpan<double> counts)
    {
        var sum = 0.0;
        foreach (var count in counts)
        {
            sum += count;
        }
        return sum;
    }
}
