using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// Two numeric profiles in the same cells: what lies below the reference's first edge, its bins, what lies above its last edge. The outermost ends are the least and the greatest value of both.
/// Counts are exact, unless the window had edges of its own, whose counts were split evenly.
/// </summary>
internal sealed class BinPair
{
    private BinPair(double[] ends, double[] reference, double[] current, bool isApproximate)
    {
        (Ends, Reference, Current, IsApproximate) = (ends, reference, current, isApproximate);
        ReferenceTotal = reference.Sum();
        CurrentTotal = current.Sum();
    }

    /// <summary>One more than there are cells, ascending; a cell may have no width.</summary>
    public double[] Ends { get; }

    public double[] Reference { get; }

    public double[] Current { get; }

    public double ReferenceTotal { get; }

    public double CurrentTotal { get; }

    public bool IsApproximate { get; }

    /// <summary>Null where a side has no bins.</summary>
    public static BinPair? Of(ColumnProfile reference, ColumnProfile current)
    {
        if (reference.Bins is not { Edges: { IsDefaultOrEmpty: false } edges } bins || current.Bins is not { Edges.IsDefaultOrEmpty: false } other)
        {
            return null;
        }
        var isSame = edges.Equals(other.Edges) || edges.AsSpan().SequenceEqual(other.Edges.AsSpan());
        double[] inner = edges.Length == 1 ? [edges[0], edges[0]] : [.. edges];
        // How far values reach is not known without the least and the greatest.
        var low = Math.Min(inner[0], Math.Min(reference.Min ?? (bins.Below > 0 ? double.NegativeInfinity : inner[0]), current.Min ?? (other.Below > 0 ? double.NegativeInfinity : inner[0])));
        var high = Math.Max(inner[^1], Math.Max(reference.Max ?? (bins.Above > 0 ? double.PositiveInfinity : inner[^1]), current.Max ?? (other.Above > 0 ? double.PositiveInfinity : inner[^1])));
        var pair = new BinPair([low, .. inner, high], Cells(reference, bins), isSame ? Cells(current, other) : Split(current, other, inner), !isSame);
        return pair.ReferenceTotal > 0 && pair.CurrentTotal > 0 ? pair : null;
    }

    /// <summary>Two constants that differ: each in a cell of its own.</summary>
    public static BinPair OfConstants(double reference, double referenceCount, double current, double currentCount) => reference < current
        ? new([reference, reference, current, current], [referenceCount, 0, 0], [0, 0, currentCount], isApproximate: false)
        : new([current, current, reference, reference], [0, 0, referenceCount], [currentCount, 0, 0], isApproximate: false);

    /// <summary>All values of the cell are the same number, so that nothing is hidden in it.</summary>
    public bool IsPoint(int cell) => cell > 0 && cell < Reference.Length - 1
        ? Ends[cell] == Ends[cell + 1] || (cell < Reference.Length - 2 && Math.BitIncrement(Ends[cell]) == Ends[cell + 1])
        : Reference[cell] + Current[cell] == 0;

    /// <summary>Cells put together to about <paramref name="groups"/> groups of equal shares of the reference: each cut is the cell's end that is nearest to its quantile.</summary>
    public (double[] Reference, double[] Current) Group(int groups)
    {
        var (reference, current) = (new List<double>(groups + 2), new List<double>(groups + 2));
        var (before, cut, a, b) = (0.0, 1, 0.0, 0.0);
        for (var cell = 0; cell < Reference.Length; cell++)
        {
            a += Reference[cell];
            b += Current[cell];
            before += Reference[cell];
            var next = cell + 1 < Reference.Length ? before + Reference[cell + 1] : double.PositiveInfinity;
            var isCut = cell + 1 == Reference.Length;
            // This end is nearer to the quantile than the next one; so it may be to several.
            for (; cut < groups && before + next > 2 * cut * ReferenceTotal / groups; cut++)
            {
                isCut = true;
            }
            if (isCut)
            {
                reference.Add(a);
                current.Add(b);
                (a, b) = (0, 0);
            }
        }
        return ([.. reference], [.. current]);
    }

    private static double[] Cells(ColumnProfile column, NumericBins bins)
    {
        if (bins.Edges.Length == 1)
        {
            return Checked([bins.Below, bins.Counts.Length == 1 ? bins.Counts[0] : column.Present - bins.Below - bins.Above, bins.Above]);
        }
        if (bins.Counts.Length != bins.Edges.Length - 1)
        {
            throw new InvalidDataException("A profile must have one count less than it has edges.");
        }
        var cells = new double[bins.Counts.Length + 2];
        cells[0] = bins.Below;
        for (var i = 0; i < bins.Counts.Length; i++)
        {
            cells[i + 1] = bins.Counts[i];
        }
        cells[^1] = bins.Above;
        return Checked(cells);
    }

    private static double[] Checked(double[] cells) => Array.Exists(cells, static count => count < 0) ? throw new InvalidDataException("A profile has negative counts.") : cells;

    /// <summary>Counts on foreign edges, as if the values of each bin were spread evenly over it.</summary>
    private static double[] Split(ColumnProfile column, NumericBins bins, double[] inner)
    {
        var counts = Cells(column, bins);
        double[] own = bins.Edges.Length == 1 ? [bins.Edges[0], bins.Edges[0]] : [.. bins.Edges];
        double[] ends = [Math.Min(own[0], column.Min ?? own[0]), .. own, Math.Max(own[^1], column.Max ?? own[^1])];
        var cells = new double[inner.Length + 1];
        var taken = 0.0;
        for (var at = 0; at < inner.Length; at++)
        {
            var below = 0.0;
            for (var cell = 0; cell < counts.Length; cell++)
            {
                below += counts[cell] * ShareBelow(ends[cell], ends[cell + 1], inner[at], withEnd: at == inner.Length - 1);
            }
            cells[at] = below - taken;
            taken = below;
        }
        cells[^1] = counts.Sum() - taken;
        return [.. cells.Select(static count => Math.Max(0, count))];
    }

    private static double ShareBelow(double from, double to, double x, bool withEnd) =>
        to < x || (to == x && (to > from || withEnd)) ? 1
        : from >= x ? 0
        : (x - from) / (to - from);
}
