using System.Runtime.ExceptionServices;

namespace ServerlessMeta.Previews;

/// <summary>
/// Makes previews of files of any origin. A file that is broken, hostile or not what its name says costs no more than <see cref="PreviewLimits"/> say, and
/// yields a smaller preview or none. Only what does not lie in the file is thrown: the caller's cancellation, a failing stream, a lack of memory, a library that does not load.
/// </summary>
public sealed class PreviewMaker(TimeProvider time)
{
    /// <summary>Whether a file of that name can have a preview.</summary>
    public static bool IsPreviewable(string name) => FileFormats.Find(name) is not null;

    /// <param name="name">The file's name, or a path that ends in it.</param>
    /// <param name="content">Seekable; read mostly in order and in large pieces.</param>
    public async Task<PreviewResult> MakeAsync(string name, long size, Stream content, CancellationToken ct)
    {
        if (FileFormats.Find(name) is not var (format, language))
        {
            return PreviewResult.Of(Preview.None("There is no preview for files of this kind."));
        }
        if (size <= 0)
        {
            return PreviewResult.Of(Preview.None("The file is empty."));
        }
        await using var reading = new ContentStream(content, size, new PreviewBudget(time));
        try
        {
            return Of(await MakeAsync(format, language, reading, ct), reading.Budget);
        }
        catch (ContentFaultException fault)
        {
            ExceptionDispatchInfo.Throw(fault.InnerException!);
            throw;
        }
        catch (Exception fault) when (!IsCircumstance(fault))
        {
            ct.ThrowIfCancellationRequested();
            // Readers of so many formats have as many ways to say that the bytes are not theirs.
            return Of(PreviewResult.Of(Preview.None(reading.Budget.Limit is { } limit ? $"The reading ended {limit}." : "The file is broken, or not what its name says.")), reading.Budget);
        }
    }

    /// <summary>Whether a fault tells of the machine and the moment, not of the file: it says nothing about the next try.</summary>
    internal static bool IsCircumstance(Exception fault) => fault is OutOfMemoryException or PixelMemoryException or TypeInitializationException or TypeLoadException or BadImageFormatException;

    private static PreviewResult Of(PreviewResult made, PreviewBudget budget) => budget.IsOutOfTime ? made with { IsRepeatable = false } : made;

    private static async Task<PreviewResult> MakeAsync(FileFormat format, string language, ContentStream content, CancellationToken ct) => format switch
    {
        FileFormat.Image => await ImageThumbnail.MakeAsync(content, ct),
        FileFormat.Separated => PreviewResult.Of(await CsvTable.MakeAsync(content, null, ct)),
        FileFormat.Tabbed => PreviewResult.Of(await CsvTable.MakeAsync(content, '\t', ct)),
        FileFormat.Json => PreviewResult.Of(await JsonPreview.MakeAsync(content, language, ct)),
        FileFormat.JsonLines => PreviewResult.Of(await JsonRecords.MakeLinesAsync(content, language, ct)),
        FileFormat.Parquet => PreviewResult.Of(await ParquetTable.MakeAsync(content, ct)),
        FileFormat.Model => PreviewResult.Of(await ModelFile.MakeAsync(content, language, ct)),
        FileFormat.Markdown => PreviewResult.Of(await TextExcerpt.PreviewAsync(content, PreviewKind.Markdown, language, null, ct)),
        _ => PreviewResult.Of(await TextExcerpt.PreviewAsync(content, PreviewKind.Text, language, null, ct)),
    };
}
