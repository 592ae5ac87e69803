namespace ServerlessMeta.Previews;

/// <summary>A column and what is known of its values. All values are text, so that no number is too large and NaN is no special case.</summary>
public sealed record ColumnPreview
{
    public required string Name { get; init; }

    public required ColumnType Type { get; init; }

    /// <summary>From 0 to 1; null when nothing was read.</summary>
    public double? NullShare { get; init; }

    public string? Min { get; init; }

    public string? Max { get; init; }

    /// <summary>How many values differ among the rows that were read; an estimate unless <see cref="DistinctExact"/>.</summary>
    public long? Distinct { get; init; }

    public bool? DistinctExact { get; init; }

    /// <summary>Whether null share, least and greatest are of the whole file, though not every row was read: a Parquet footer has them.</summary>
    public bool OfAllRows { get; init; }

    /// <summary>Why something is missing here.</summary>
    public string? Note { get; init; }
}
