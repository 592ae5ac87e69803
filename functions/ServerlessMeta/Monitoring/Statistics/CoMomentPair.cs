using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>The co-moments of two tables over the columns that both have and that vary in the reference, in units of the reference's means and deviations.</summary>
internal sealed class CoMomentPair
{
    private CoMomentPair(string[] columns, double referenceCount, double currentCount, Matrix<double> reference, Matrix<double> current, Vector<double> shift) =>
        (Columns, ReferenceCount, CurrentCount, Reference, Current, Shift) = (columns, referenceCount, currentCount, reference, current, shift);

    public string[] Columns { get; }

    public double ReferenceCount { get; }

    public double CurrentCount { get; }

    /// <summary>The reference's correlations.</summary>
    public Matrix<double> Reference { get; }

    /// <summary>The window's covariances.</summary>
    public Matrix<double> Current { get; }

    /// <summary>The window's means.</summary>
    public Vector<double> Shift { get; }

    /// <summary>Null with fewer than two such columns, or too few rows.</summary>
    public static CoMomentPair? Of(CoMoments? reference, CoMoments? current, IReadOnlyCollection<string> features, int minCount)
    {
        if (reference is null || current is null || Math.Min(reference.Count, current.Count) < Math.Max(minCount, 4))
        {
            return null;
        }
        var (width, otherWidth) = (reference.Columns.Length, current.Columns.Length);
        var found = new List<(string Column, int At, int Other, double Deviation)>();
        for (var at = 0; at < width; at++)
        {
            var other = current.Columns.IndexOf(reference.Columns[at]);
            var deviation = Math.Sqrt(reference.Scatter[(at * width) + at] / reference.Count);
            if (other >= 0 && features.Contains(reference.Columns[at]) && deviation > 0 && double.IsFinite(deviation) && double.IsFinite(reference.Mean[at])
                && double.IsFinite(current.Mean[other]) && double.IsFinite(current.Scatter[(other * otherWidth) + other]))
            {
                found.Add((reference.Columns[at], at, other, deviation));
            }
        }
        if (found.Count < 2)
        {
            return null;
        }
        var a = DenseMatrix.Create(found.Count, found.Count, (i, j) => reference.Scatter[(found[i].At * width) + found[j].At] / reference.Count / found[i].Deviation / found[j].Deviation);
        var b = DenseMatrix.Create(found.Count, found.Count, (i, j) => current.Scatter[(found[i].Other * otherWidth) + found[j].Other] / current.Count / found[i].Deviation / found[j].Deviation);
        var shift = DenseVector.Create(found.Count, i => (current.Mean[found[i].Other] - reference.Mean[found[i].At]) / found[i].Deviation);
        return a.Exists(static value => !double.IsFinite(value)) || b.Exists(static value => !double.IsFinite(value)) || shift.Exists(static value => !double.IsFinite(value))
            ? null
            : new([.. found.Select(static one => one.Column)], reference.Count, current.Count, a, b, shift);
    }
}
