using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>
/// Exact counts on edges that the baseline fixed (its quantiles; k+1 edges from its minimum to its maximum make k bins). Bin i is [e_i, e_{i+1}), the last one is closed.
/// Windows with the same edges merge by adding. A constant x has the edges x and x: one bin, which holds x alone.
/// </summary>
/// <param name="Below">Values less than the first edge.</param>
/// <param name="Above">Values greater than the last edge.</param>
public sealed record NumericBins(ImmutableArray<double> Edges, ImmutableArray<long> Counts, long Below, long Above)
{
    /// <summary>Bins of a baseline when nothing is asked.</summary>
    public const int Usual = 64;

    /// <summary>Bins there may be.</summary>
    public const int Most = 1024;

    /// <summary>Names the edges: the first 16 hex digits of the SHA-256 of their bytes (IEEE 754, the lowest byte first). Profiles with the same hash merge exactly.</summary>
    public string EdgesHash => HashOf(Edges);

    /// <summary>All values, the ones below and above too.</summary>
    public long Total => Below + Above + Counts.Sum();

    public static string HashOf(ImmutableArray<double> edges)
    {
        var bytes = new byte[edges.Length * sizeof(double)];
        for (var i = 0; i < edges.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), edges[i]);
        }
        return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
    }

    /// <summary>Whether edges are finite and rise, or are those of a constant.</summary>
    public static bool AreEdges(ImmutableArray<double> edges)
    {
        if (edges.Length is < 2 or > Most + 1 || !double.IsFinite(edges[0]))
        {
            return false;
        }
        if (edges.Length == 2 && edges[0] == edges[1])
        {
            return true;
        }
        for (var i = 1; i < edges.Length; i++)
        {
            if (!double.IsFinite(edges[i]) || edges[i] <= edges[i - 1])
            {
                return false;
            }
        }
        return true;
    }
}
