using MathNet.Numerics;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>P(D &lt; x) for many values: the limit law with corrections of order n^-1/2, n^-1 and n^-3/2 (Pelz and Good 1976). Good in the body, useless as 1 - cdf in the far tail.</summary>
internal static class PelzGood
{
    public static double Cdf(double n, double x)
    {
        var root = Math.Sqrt(n);
        var z = x * root;
        const double C = Math.PI * Math.PI;
        var exponent = -C / (8 * z * z);
        if (exponent < -708)
        {
            return 0;
        }
        var (z2, z4, z6) = (z * z, z * z * z * z, z * z * z * z * z * z);
        double k0 = 0, k1 = 0, k2 = 0, k3 = 0, k2Tail = 0, k3Tail = 0;
        for (var k = (int)Math.Ceiling(16 * z / Math.PI); k >= 1; k--)
        {
            var o2 = (double)((2 * k) - 1) * ((2 * k) - 1);
            var weight = Math.Exp(exponent * o2);
            k0 += weight;
            k1 += weight * (-z2 + (C / 4 * o2));
            k2 += weight * ((6 * z6) + (2 * z4) + (((2 * z4) - (5 * z2)) * C / 4 * o2) + (C * C * (1 - (2 * z2)) / 16 * o2 * o2));
            k3 += weight * ((-30 * z6) - (90 * z6 * z2) + (C * ((135 * z4) - (96 * z6)) / 4 * o2) + (C * C * ((212 * z4) - (60 * z2)) / 16 * o2 * o2) + (C * C * C * (5 - (30 * z2)) / 64 * o2 * o2 * o2));
            var k22 = (double)k * k;
            var tail = Math.Exp(-C * k22 / (2 * z2));
            k2Tail += k22 * tail;
            k3Tail += ((3 * z2) - (C * k22)) * k22 * tail;
        }
        k0 *= Constants.Sqrt2Pi / z;
        k1 *= Constants.Sqrt2Pi / (6 * z4);
        k2 = (k2 * Constants.Sqrt2Pi / (72 * z6 * z)) - (k2Tail * C * Constants.Sqrt2Pi / (36 * z2 * z));
        k3 = (k3 * Constants.Sqrt2Pi / (6480 * z6 * z4)) + (k3Tail * C * Constants.Sqrt2Pi / (216 * z6));
        return Math.Clamp(k0 + (k1 / root) + (k2 / n) + (k3 / (n * root)), 0, 1);
    }
}
