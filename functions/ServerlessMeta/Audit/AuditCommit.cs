using Azure.Data.Tables;

namespace ServerlessMeta.Audit;

/// <summary>Entries of one object that were committed together.</summary>
/// <param name="first">The number of the first.</param>
/// <param name="bytes">Their lines as they were written, a line feed between.</param>
internal sealed class AuditCommit(long first, byte[] bytes)
{
    private List<ReadOnlyMemory<byte>>? lines;
    private AuditEntry?[]? entries;

    public long First => first;

    public byte[] Bytes => bytes;

    public IReadOnlyList<ReadOnlyMemory<byte>> Lines => lines ??= AuditRow.LinesOf(bytes);

    /// <summary>The entry of each line; null where the line is none.</summary>
    public IReadOnlyList<AuditEntry?> Entries => entries ??= [.. Lines.Select(TryRead)];

    public long Last => First + Lines.Count - 1;

    /// <param name="row">A row of entries, of a chain or by time.</param>
    public static AuditCommit Of(TableEntity row) => new(AuditKeys.NumberOf(row.RowKey), AuditRow.BytesOf(row));

    public bool IsSameAs(AuditCommit other) => Bytes.AsSpan().SequenceEqual(other.Bytes);

    private static AuditEntry? TryRead(ReadOnlyMemory<byte> line)
    {
        try
        {
            return AuditLine.Read(line);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
