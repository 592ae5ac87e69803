namespace ServerlessMeta.Previews;

/// <summary>How Parquet stores a value, by its numbers in the format.</summary>
internal enum ParquetType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    Bytes = 6,
    FixedBytes = 7,
}
