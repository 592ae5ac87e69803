namespace ServerlessMeta.Previews;

/// <summary>
/// What a preview reads, works and shows at most, whatever lies in the file. In memory it holds about a MiB of most files, at most some 60 MiB, as a document of JSON
/// and its index. A hostile Parquet column takes up to 90 MiB: a packed page, two unpacked ones, and their values. The largest pictures take 100 MiB: the file and its pixels.
/// </summary>
public static class PreviewLimits
{
    /// <summary>The longer side of a thumbnail, in pixels.</summary>
    public const int ThumbnailPixels = 320;

    /// <summary>A picture of more pixels has no preview.</summary>
    public const int ImagePixels = 50_000_000;

    /// <summary>A picture that only decodes as a whole has a thumbnail up to here: its pixels take four bytes each. A JPEG decodes at an eighth of its size.</summary>
    public const int WholeImagePixels = 16_000_000;

    /// <summary>A larger picture file has no preview: it is read as a whole.</summary>
    public const int ImageBytes = 32 * Mebi;

    public const int FirstRows = 20;

    /// <summary>Columns that are shown; more are counted.</summary>
    public const int Columns = 1_000;

    /// <summary>Characters of a cell, a column's name, a value.</summary>
    public const int CellCharacters = 256;

    /// <summary>A longer record of CSV or JSON ends the preview.</summary>
    public const int RecordBytes = 2 * Mebi;

    /// <summary>Rows that are read of a Parquet file; its footer describes the others.</summary>
    public const int ParquetRows = 10_000;

    public const int ParquetFooterBytes = 16 * Mebi;

    /// <summary>What a page of a Parquet column may take, packed or unpacked; the values of a larger one are not shown.</summary>
    public const int ParquetPageBytes = 16 * Mebi;

    /// <summary>What a page of lists may hold, values and nulls: its header claims how many, and a few bytes can stand for all of them.</summary>
    public const int ParquetPageValues = 1_000_000;

    public const int TextLines = 200;

    public const int TextBytes = 64 * 1024;

    /// <summary>Lines are counted in texts up to here.</summary>
    public const int CountedTextBytes = Mebi;

    /// <summary>JSON that is no stream of records is read as a whole up to here; of a larger one the first lines are shown.</summary>
    public const int JsonBytes = 4 * Mebi;

    public const int JsonDepth = 64;

    /// <summary>Lines that show the shape of a JSON document.</summary>
    public const int ShapeLines = 200;

    public const int MatrixClasses = 100;

    public const int YamlBytes = 256 * 1024;

    /// <summary>What is read of a file in all.</summary>
    public const long BytesRead = 64 * Mebi;

    private const int Mebi = 1024 * 1024;

    /// <summary>How long a preview may take in all, the reading included.</summary>
    public static TimeSpan Time { get; } = TimeSpan.FromSeconds(5);
}
