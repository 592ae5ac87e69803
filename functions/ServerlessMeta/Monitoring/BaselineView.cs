namespace ServerlessMeta.Monitoring;

/// <summary>With what windows are compared.</summary>
/// <param name="Number">From 1; the highest is in force.</param>
/// <param name="Digest">Names what it was made from.</param>
/// <param name="Source"><c>rows</c>, <c>profile</c>, or <c>dataset:{artifact}/{version}</c>.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Columns">How many columns.</param>
/// <param name="Predictions">How many of its rows are predictions with an id.</param>
public sealed record BaselineView(int Number, string Digest, string Source, long Rows, int Columns, int Predictions, DateTimeOffset Created, string By)
{
    internal static BaselineView Of(BaselineRecord baseline) =>
        new(baseline.Number, baseline.Digest, baseline.Source, baseline.Rows, baseline.Columns, baseline.Predictions, baseline.CreatedAt, baseline.By);
}
