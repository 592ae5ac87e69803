namespace ServerlessMeta.Previews;

/// <summary>What a stored value means.</summary>
internal enum ParquetMeaning
{
    Plain,
    Text,
    Decimal,
    Date,
    Time,
    Timestamp,
    Unsigned,
    Uuid,
    Half,
}
