namespace ServerlessMeta.Monitoring;

/// <summary>A part of a window.</summary>
/// <param name="Part">Its id.</param>
/// <param name="Digest">Names its content as it was posted.</param>
/// <param name="Predictions">How many of its rows are predictions with an id.</param>
/// <param name="Baseline">The baseline on whose edges it was counted; 0: there was none.</param>
public sealed record PartView(string Part, string Digest, long Rows, int Predictions, int Baseline, DateTimeOffset Received, string By)
{
    internal static PartView Of(WindowPart part) => new(part.Id, part.Digest, part.Rows, part.Predictions, part.Baseline, part.ReceivedAt, part.By);
}
