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
        var filled = 0;
        for (var row = 0; row < rows; row++)
        {
            // Each value goes where the next whole row will be; a row that is not whole is written over.
            var isWhole = true;
            for (var column = 0; column < cells.Length && isWhole; column++)
            {
                var value = cells[column][row];
                block[column][filled] = value;
                isWhole = double.IsFinite(value);
            }
            if (isWhole && ++filled == BlockRows)
            {
                AddBlock(filled);
                filled = 0;
            }
        }
        AddBlock(filled);
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
