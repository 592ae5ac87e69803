namespace ServerlessMeta.Monitoring;

/// <summary>A batch, some of whose labels have not found their prediction.</summary>
/// <param name="Batch">Which.</param>
/// <param name="Waiting">How many of its labels wait.</param>
internal sealed record WaitingBatch(LabelBatch Batch, int Waiting)
{
    /// <summary>All but the bits.</summary>
    public static string[] Columns { get; } = ["RowKey", "v", "id", "digest", "blob", "count", "first", "last", "unplaced", "received", "by", "waiting"];
}
