using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// How badly rows fit the principal components of the reference. Columns are standardised (mean and deviation of the reference, divisor n), the fewest components with more than 0.65 of the variance are kept,
/// and the error of a row is the length of what they leave. Missing numbers (NaN) count as the reference's mean.
/// </summary>
internal sealed class PcaReconstruction
{
    private const double Explained = 0.65;

    private readonly double[] means;
    private readonly double[] deviations;
    private readonly Matrix<double> kept;

    private PcaReconstruction(double[] mean, double[] deviation, Matrix<double> components, double[] ratios) =>
        (means, deviations, kept, ExplainedRatios) = (mean, deviation, components, ratios);

    /// <summary>The share of the variance of each kept component, the largest first.</summary>
    public double[] ExplainedRatios { get; }

    public int Components => kept.ColumnCount;

    public static PcaReconstruction Fit(IReadOnlyList<double[]> rows)
    {
        var width = rows[0].Length;
        var mean = new double[width];
        var deviation = new double[width];
        for (var column = 0; column < width; column++)
        {
            double[] there = [.. rows.Select(row => row[column]).Where(static value => !double.IsNaN(value))];
            mean[column] = there.Length > 0 ? there.Average() : 0;
            // A missing value is at the mean and adds nothing.
            deviation[column] = Math.Sqrt(there.Sum(value => (value - mean[column]) * (value - mean[column])) / rows.Count);
        }
        var standard = DenseMatrix.OfRows(rows.Count, width, rows.Select(row => Standardise(row, mean, deviation)));
        return Of(mean, deviation, standard.TransposeThisAndMultiply(standard) / rows.Count);
    }

    /// <param name="covariance">Of the standardised columns.</param>
    public static PcaReconstruction Of(double[] mean, double[] deviation, Matrix<double> covariance)
    {
        var (values, vectors) = Eigen(covariance);
        var total = values.Sum();
        var (count, sum) = (0, 0.0);
        while (count < values.Length && sum <= Explained * total)
        {
            sum += values[count++];
        }
        return new(mean, deviation, vectors.SubMatrix(0, vectors.RowCount, 0, count), [.. values.Take(count).Select(value => value / total)]);
    }

    /// <summary>Mean and standard deviation (divisor n-1) of the errors of rows. The mean of m rows is known to -/+ 3 deviations/sqrt(m).</summary>
    public (double Mean, double Deviation) Error(IReadOnlyList<double[]> rows)
    {
        double[] errors = [.. rows.Select(row => Residual(Standardise(row, means, deviations)).L2Norm())];
        var mean = errors.Average();
        return (mean, errors.Length < 2 ? 0 : Math.Sqrt(errors.Sum(error => (error - mean) * (error - mean)) / (errors.Length - 1)));
    }

    /// <summary>Q x with Q = I - V V^T.</summary>
    public Vector<double> Residual(Vector<double> standard) => standard - (kept * kept.TransposeThisAndMultiply(standard));

    /// <summary>Q S Q of a covariance of standardised columns.</summary>
    public Matrix<double> Residual(Matrix<double> covariance)
    {
        var q = DenseMatrix.CreateIdentity(covariance.RowCount) - kept.TransposeAndMultiply(kept);
        return q * covariance * q;
    }

    private static DenseVector Standardise(double[] row, double[] mean, double[] deviation)
    {
        var standard = new double[row.Length];
        for (var i = 0; i < row.Length; i++)
        {
            // A constant column keeps its unit.
            standard[i] = double.IsNaN(row[i]) ? 0 : (row[i] - mean[i]) / (deviation[i] > 0 ? deviation[i] : 1);
        }
        return new(standard);
    }

    /// <summary>The largest first.</summary>
    private static (double[] Values, Matrix<double> Vectors) Eigen(Matrix<double> covariance)
    {
        var found = covariance.Evd(Symmetricity.Symmetric);
        double[] values = [.. found.EigenValues.Select(static value => Math.Max(0, value.Real)).Reverse()];
        return (values, Matrix<double>.Build.DenseOfColumnVectors(found.EigenVectors.EnumerateColumns().Reverse()));
    }
}
