using ServerlessMeta.Previews;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Memory that the columns of a Parquet file use one after another.</summary>
internal sealed class ParquetScratch
{
    /// <summary>For a page as it is unpacked.</summary>
    public byte[] Page = [];

    /// <summary>For its values.</summary>
    public ParquetValues Values { get; } = new();
}
