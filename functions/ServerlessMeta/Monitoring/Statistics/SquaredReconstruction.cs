using MathNet.Numerics.LinearAlgebra;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// The mean squared error of reconstruction without any rows: E||r||^2 = tr(Q S Q) + ||Q (mu_window - mu_reference)||^2, Q = I - V V^T of the reference's kept components, S the window's covariance;
/// all in units of the reference's deviations.
/// </summary>
/// <param name="Reference">Of the reference itself.</param>
/// <param name="Current">Of the window.</param>
/// <param name="Error">Standard error of the window's, as for normal rows: sqrt((2 tr((Q S Q)^2) + 4 d^T Q S Q d)/m).</param>
internal sealed record SquaredReconstruction(double Reference, double Current, double Error)
{
    public static SquaredReconstruction Of(CoMomentPair pair)
    {
        double[] zeros = new double[pair.Columns.Length];
        var fitted = PcaReconstruction.Of(zeros, [.. zeros.Select(static _ => 1.0)], pair.Reference);
        var left = fitted.Residual(pair.Current);
        var shift = fitted.Residual(pair.Shift);
        var variance = (2 * (left * left).Trace()) + (4 * shift.DotProduct(left * shift));
        return new(fitted.Residual(pair.Reference).Trace(), left.Trace() + shift.DotProduct(shift), Math.Sqrt(Math.Max(0, variance) / pair.CurrentCount));
    }
}
