using ServerlessMeta.Previews;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Memory that the columns of a Parquet file use one after another.</summary>
internal sealed class ParquetScratch
{
    /// <summary>For a page as it is unpacked.</summary>
    public byte[] Page = [];

    private long held;

    /// <summary>For its values.</summary>
    public ParquetValues Values { get; } = new();

    /// <summary>A column keeps so many values more; its pages only claim how many they have.</summary>
    /// <exception cref="InvalidDataException">All columns together keep too many.</exception>
    public void Hold(long values)
    {
        held += values;
        if (held > ParquetRows.MostHeld)
        {
            throw new InvalidDataException("The pages of all columns are too large together: write smaller ones, or smaller row groups.");
        }
    }
}
