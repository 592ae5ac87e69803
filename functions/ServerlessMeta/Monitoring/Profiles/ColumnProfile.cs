using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>What is kept of a column: counts that merge exactly, in any order.</summary>
public sealed record ColumnProfile
{
    public required string Name { get; init; }

    public required ColumnKind Kind { get; init; }

    /// <summary>Rows, missing values included.</summary>
    public required long Count { get; init; }

    /// <summary>Null, empty and NaN.</summary>
    public long Missing { get; init; }

    /// <summary>Plus and minus infinity; counted, and left out of all else.</summary>
    public long Infinite { get; init; }

    public Moments Moments { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    /// <summary>Of a numeric column that has values, or whose baseline has edges.</summary>
    public NumericBins? Bins { get; init; }

    /// <summary>Of a categorical column.</summary>
    public CategoryCounts? Categories { get; init; }

    /// <summary>The approximate number of distinct values, for showing.</summary>
    public double? Distinct { get; init; }

    /// <summary>HyperLogLog registers (p = 12) of the values, by which the number of distinct values merges; empty: there are none.</summary>
    public ImmutableArray<byte> Registers { get; init; } = [];

    /// <summary>Whether its bins come from a sketch, or from bins with other edges whose values were taken as spread evenly.</summary>
    public bool IsApproximate { get; init; }

    /// <summary>Values that are there and finite.</summary>
    public long Present => Count - Missing - Infinite;
}
