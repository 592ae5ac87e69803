namespace ServerlessMeta.Previews;

/// <summary>A column of a Parquet file: a leaf of its schema.</summary>
/// <param name="Width">The bytes of a value; 0 when each has its own length.</param>
/// <param name="UnitsPerSecond">Of a time or timestamp.</param>
internal sealed record ParquetLeaf(string Name, ParquetType Type, int Width, ParquetMeaning Meaning, int Scale, long UnitsPerSecond, int MaxDefinition, int MaxRepetition)
{
    public ColumnType ColumnType => (Meaning, Type) switch
    {
        _ when MaxRepetition > 0 => ColumnType.Text,
        (ParquetMeaning.Date, _) => ColumnType.Date,
        (ParquetMeaning.Timestamp, _) or (ParquetMeaning.Plain, ParquetType.Int96) => ColumnType.Timestamp,
        (ParquetMeaning.Decimal or ParquetMeaning.Half, _) or (_, ParquetType.Float or ParquetType.Double) => ColumnType.Number,
        (ParquetMeaning.Plain or ParquetMeaning.Unsigned, ParquetType.Int32 or ParquetType.Int64) => ColumnType.Integer,
        (_, ParquetType.Boolean) => ColumnType.Boolean,
        _ => ColumnType.Text,
    };
}
