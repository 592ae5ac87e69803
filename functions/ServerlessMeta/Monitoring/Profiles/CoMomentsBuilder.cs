using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Means and scatter of up to 64 numeric columns over the rows that have finite numbers in all of them, block by block, each about its own means.</summary>
internal sealed class CoMomentsBuilder(ImmutableArray<string> columns)
{
    public const int MostColumns = 64;

    private const int BlockRows = 512;

    private readonly double[][] block = [.. columns.Select(static _ => new double[BlockRows])];
    private readonly double[] scatter = new double[columns.Length * columns.Length];
    private readonly double[] mean = new double[columns.Length];
    private long count;

    public ImmutableArray<string> Columns => columns;

    /// <param name="cells">The same rows of each column, in the order of the columns.</param>
    /// <param name="rows">How many.</param>
    public void Add(ReadOnlySpan<double[]> cells, int rows)
    {
        for (var begin = 0; begin < rows; begin += BlockRows)
        {
            var some = Math.Min(BlockRows, rows - begin);
            for (var column = 0; column < cells.Length; column++)
            {
                cells[column].AsSpan(begin, some).CopyTo(block[column]);
            }
            AddBlock(KeepWhole(some));
        }
    }

    /// <summary>Adds what columns kept, piece by piece.</summary>
    public void Add(ReadOnlySpan<NumberBuffer> kept)
    {
        for (var piece = 0; piece < kept[0].Pieces; piece++)
        {
            for (var begin = 0; begin < kept[0][piece].Length; begin += BlockRows)
            {
                var some = Math.Min(BlockRows, kept[0][piece].Length - begin);
                for (var column = 0; column < kept.Length; column++)
                {
                    kept[column][piece].Slice(begin, some).CopyTo(block[column]);
                }
                AddBlock(KeepWhole(some));
            }
        }
    }

    /// <summary>Null when what was added leaves the range of a double.</summary>
    public CoMoments? Build()
    {
        for (var i = 0; i < columns.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                scatter[(j * columns.Length) + i] = scatter[(i * columns.Length) + j];
            }
        }
        var moments = new CoMoments(columns, count, [.. mean], [.. scatter]);
        return CoMomentsMerge.IsFinite(moments) ? moments : null;
    }

    /// <summary>Moves the rows of the block that are whole to its beginning, and says how many they are.</summary>
    private int KeepWhole(int rows)
    {
        Span<bool> isBroken = stackalloc bool[BlockRows];
        isBroken.Clear();
        var any = false;
        foreach (var cells in block)
        {
            for (var row = 0; row < rows; row++)
            {
                // A difference from itself is 0 for finite numbers alone.
                var broken = cells[row] - cells[row] != 0;
                isBroken[row] |= broken;
                any |= broken;
            }
        }
        if (!any)
        {
            return rows;
        }
        var kept = 0;
        for (var row = 0; row < rows; row++)
        {
            if (isBroken[row])
            {
                continue;
            }
            foreach (var cells in block)
            {
                cells[kept] = cells[row];
            }
            kept++;
        }
        return kept;
    }

    private void AddBlock(int rows)
    {
        if (rows == 0)
        {
            return;
        }
        var total = count + rows;
        var (shareNew, weight) = ((double)rows / total, count * ((double)rows / total));
        var shift = new double[columns.Length];
        for (var column = 0; column < columns.Length; column++)
        {
            shift[column] = Centre(block[column].AsSpan(0, rows)) - mean[column];
        }
        for (var i = 0; i < columns.Length; i++)
        {
            var left = block[i].AsSpan(0, rows);
            for (var j = 0; j <= i; j++)
            {
                scatter[(i * columns.Length) + j] += Dot(left, block[j].AsSpan(0, rows)) + (shift[i] * shift[j] * weight);
            }
        }
        for (var column = 0; column < columns.Length; column++)
        {
            mean[column] += shift[column] * shareNew;
        }
        count = total;
    }

    /// <summary>Takes the mean out of values, and says it.</summary>
    private static double Centre(Span<double> values)
    {
        var centre = 0d;
        foreach (var value in values)
        {
            centre += value / values.Length;
        }
        foreach (ref var value in values)
        {
            value -= centre;
        }
        return centre;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var left = MemoryMarshal.Cast<double, Vector<double>>(a);
        var right = MemoryMarshal.Cast<double, Vector<double>>(b);
        var (even, odd) = (Vector<double>.Zero, Vector<double>.Zero);
        var at = 0;
        for (; at < left.Length - 1; at += 2)
        {
            even = Vector.FusedMultiplyAdd(left[at], right[at], even);
            odd = Vector.FusedMultiplyAdd(left[at + 1], right[at + 1], odd);
        }
        if (at < left.Length)
        {
            even = Vector.FusedMultiplyAdd(left[at], right[at], even);
        }
        var sum = Vector.Sum(even + odd);
        for (at = left.Length * Vector<double>.Count; at < a.Length; at++)
        {
            sum += a[at] * b[at];
        }
        return sum;
    }
}
