namespace ServerlessMeta.Monitoring;

/// <summary>A batch of labels.</summary>
/// <param name="Batch">Its id.</param>
/// <param name="Digest">Names its labels.</param>
/// <param name="Labels">How many.</param>
/// <param name="Waiting">How many of them have not found their prediction; absent: not told here.</param>
public sealed record BatchView(string Batch, string Digest, int Labels, int? Waiting, DateTimeOffset Received, string By)
{
    internal static BatchView Of(LabelBatch batch, int? waiting = null) => new(batch.Id, batch.Digest, batch.Count, waiting, batch.ReceivedAt, batch.By);
}
