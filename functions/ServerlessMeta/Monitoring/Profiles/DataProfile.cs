using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>What is kept of a table of rows: a baseline's, or a window's on the edges of its baseline.</summary>
public sealed record DataProfile
{
    public required long Rows { get; init; }

    /// <summary>In the order of the data.</summary>
    public required ImmutableArray<ColumnProfile> Columns { get; init; }

    public CoMoments? CoMoments { get; init; }

    /// <summary>Rows that were kept as an example, if the options allow any; for exact tests of small data.</summary>
    public RowSample? Sample { get; init; }

    public ColumnProfile? Find(string column) => Columns.FirstOrDefault(one => one.Name == column);
}
