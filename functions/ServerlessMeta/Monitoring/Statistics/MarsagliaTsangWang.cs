using MathNet.Numerics;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>P(D &lt; x) for n values, exactly: an entry of the n-th power of a matrix of 2 ceil(nx) - 1 rows, times n!/n^n (Marsaglia, Tsang and Wang 2003).</summary>
internal static class MarsagliaTsangWang
{
    private const int ScaleBits = 128;

    public static double Cdf(int n, double x)
    {
        var t = n * x;
        var k = (int)Math.Ceiling(t);
        var size = (2 * k) - 1;
        var (power, exponent) = Power(Matrix(size, k - t), size, n, (k - 1) * (size + 1));
        var factor = SpecialFunctions.GammaLn(n + 1.0) - (n * Math.Log(n)) + (exponent * ScaleBits * Math.Log(2));
        return Math.Clamp(power * Math.Exp(factor), 0, 1);
    }

    private static double[] Matrix(int size, double h)
    {
        var matrix = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                matrix[(i * size) + j] = i - j + 1 >= 0 ? 1 : 0;
            }
        }
        var power = 1.0;
        for (var i = 0; i < size; i++)
        {
            power *= h;
            matrix[i * size] -= power;
            matrix[((size - 1) * size) + (size - 1 - i)] -= power;
        }
        matrix[(size - 1) * size] += h > 0.5 ? Math.Pow((2 * h) - 1, size) : 0;
        for (var i = 0; i < size; i++)
        {
            var factorial = 1.0;
            for (var j = i; j >= 0; j--)
            {
                factorial *= i - j + 1;
                matrix[(i * size) + j] /= factorial;
            }
        }
        return matrix;
    }

    /// <summary>The entry at <paramref name="pivot"/> of the n-th power, as a number and how often it was scaled down by 2^128.</summary>
    private static (double Value, int Exponent) Power(double[] matrix, int size, int n, int pivot)
    {
        double[]? result = null;
        var (exponent, squareExponent) = (0, 0);
        var square = matrix;
        var scratch = new double[matrix.Length];
        while (true)
        {
            if ((n & 1) == 1)
            {
                if (result is null)
                {
                    result = [.. square];
                    exponent = squareExponent;
                }
                else
                {
                    Multiply(result, square, scratch, size);
                    (result, scratch) = (scratch, result);
                    exponent += squareExponent;
                }
                exponent += Rescale(result, pivot);
            }
            n >>= 1;
            if (n == 0)
            {
                return (result![pivot], exponent);
            }
            Multiply(square, square, scratch, size);
            (square, scratch) = (scratch, ReferenceEquals(square, matrix) ? new double[matrix.Length] : square);
            squareExponent *= 2;
            squareExponent += Rescale(square, pivot);
        }
    }

    private static int Rescale(double[] matrix, int pivot)
    {
        if (matrix[pivot] <= Math.ScaleB(1, ScaleBits))
        {
            return 0;
        }
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] = Math.ScaleB(matrix[i], -ScaleBits);
        }
        return 1;
    }

    private static void Multiply(double[] left, double[] right, double[] product, int size)
    {
        Array.Clear(product);
        for (var i = 0; i < size; i++)
        {
            var row = product.AsSpan(i * size, size);
            for (var k = 0; k < size; k++)
            {
                var factor = left[(i * size) + k];
                if (factor == 0)
                {
                    continue;
                }
                var other = right.AsSpan(k * size, size);
                for (var j = 0; j < row.Length; j++)
                {
                    row[j] += factor * other[j];
                }
            }
        }
    }
}
