namespace ServerlessMeta.Previews;

/// <summary>A column's part of a row group, as the footer describes it. Least and greatest are plainly encoded values.</summary>
internal sealed record ParquetChunk
{
    public int Codec { get; init; }

    public long Values { get; init; }

    /// <summary>Where its first page begins.</summary>
    public long Offset { get; init; }

    public long? Nulls { get; init; }

    public byte[]? Min { get; init; }

    public byte[]? Max { get; init; }
}
