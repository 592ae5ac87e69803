using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>How rows become a profile.</summary>
internal sealed record RowIngestOptions
{
    /// <summary>A body has up to so many bytes.</summary>
    public const long MostBytes = 100 * 1024 * 1024;

    public const int MostColumns = 1_000;

    /// <summary>Rows of a body.</summary>
    public const long MostRows = 5_000_000;

    /// <summary>Rows times columns of a body: a packed one may claim many.</summary>
    public const long MostCells = 200_000_000;

    /// <summary>Predictions of a body.</summary>
    public const int MostPredictions = 1_000_000;

    /// <summary>Characters of a column's name.</summary>
    public const int LongestName = 200;

    public PredictionSchema Schema { get; init; } = PredictionSchema.None;

    /// <summary>Whose kinds, edges and categories are used; null: the rows are to be a baseline themselves.</summary>
    public DataProfile? Baseline { get; init; }

    /// <summary>What columns are, whatever their values look like and the baseline says.</summary>
    public ImmutableSortedDictionary<string, ColumnKind> Kinds { get; init; } = ImmutableSortedDictionary<string, ColumnKind>.Empty;

    /// <summary>Bins of numeric columns that have no edges yet.</summary>
    public int Bins { get; init; } = NumericBins.Usual;

    /// <summary>Rows kept as an example, up to <see cref="SampleMerge.Most"/>; 0: none, since they may be personal.</summary>
    public int SampleRows { get; init; }

    /// <summary>Decides which rows the sample has.</summary>
    public ulong Seed { get; init; }

    /// <summary>The time of predictions where the schema names no column of times; null: they need one.</summary>
    public DateTimeOffset? DefaultTime { get; init; }

    /// <summary>Numbers that are kept until edges can be made of them; with more, edges come from a sketch. 8 bytes each.</summary>
    public long BufferedNumbers { get; init; } = 32_000_000;
}
