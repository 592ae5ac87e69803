using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Parquet;
using Parquet.Schema;
using ServerlessMeta.Experiments;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>
/// Writes runs as Parquet while they are read. A row group is held until it is whole, and its size is bounded, so memory is too, however many runs there are. The end of a file names every row group's
/// columns, and stays in memory until then: hence no more than <see cref="MostColumns"/>, and a group grows beyond its size until it has as many rows as columns, but never to more than four times as much.
/// </summary>
internal sealed class ParquetExport(Experiment experiment, ImmutableArray<ExportColumn> columns, IAsyncEnumerable<RunRecord> runs) : IResult
{
    public const string MediaType = "application/vnd.apache.parquet";
    public const int MostColumns = 2_000;
    private const int GroupBytes = 32 * 1024 * 1024;
    private static readonly ParquetOptions Options = new() { CompressionMethod = CompressionMethod.Snappy, DictionaryEncodingSampleSize = 1_000 };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var ct = httpContext.RequestAborted;
        var response = httpContext.Response;
        response.ContentType = MediaType;
        response.Headers.ContentDisposition = $"attachment; filename=\"experiment-{experiment.Id}.parquet\"";
        response.Headers.XContentTypeOptions = "nosniff";
        ParquetExportColumn[] written = [.. columns.Select(static column => new ParquetExportColumn(column))];
        await using var file = new ForwardStream(response.Body);
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(written.Select(static column => column.Field)), file, Options, cancellationToken: ct))
        {
            var (rows, bytes) = (0, 0L);
            await foreach (var run in runs.WithCancellation(ct))
            {
                foreach (var column in written)
                {
                    bytes += column.Add(run);
                }
                rows++;
                if (bytes > GroupBytes && (rows >= written.Length || bytes > 4L * GroupBytes))
                {
                    await WriteGroupAsync(writer, written, ct);
                    await file.SendAsync(ct);
                    (rows, bytes) = (0, 0);
                }
            }
            if (rows > 0)
            {
                await WriteGroupAsync(writer, written, ct);
            }
        }
        // A reading that failed comes past this: what was sent then has no end, and nobody takes it for a whole file.
        await file.SendAsync(ct);
    }

    private static async Task WriteGroupAsync(ParquetWriter writer, ParquetExportColumn[] written, CancellationToken ct)
    {
        using var group = writer.CreateRowGroup();
        foreach (var column in written)
        {
            await column.WriteAsync(group, ct);
        }
        group.CompleteValidate();
    }
}
