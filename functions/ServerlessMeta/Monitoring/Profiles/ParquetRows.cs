namespace ServerlessMeta.Monitoring.Profiles;

internal static class ParquetRows
{
    public static Task ReadAsync(Stream body, RowTable table, RowFaults faults, CancellationToken ct) => throw new NotSupportedException();
}
