namespace ServerlessMeta.Audit;

/// <summary>A row that a change wrote, with its digest before and after; absent where the row was, or is, not there.</summary>
public sealed record RowChangeView(string Row, string? Before, string? After);
