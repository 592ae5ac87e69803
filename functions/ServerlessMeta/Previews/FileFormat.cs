namespace ServerlessMeta.Previews;

/// <summary>How a preview reads a file.</summary>
internal enum FileFormat
{
    Separated,
    Tabbed,
    Parquet,
    Json,
    JsonLines,
    Image,
    Markdown,
    Model,
    Text,
}
