namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>A detector, and what it listens to: <c>error</c> or <c>loss</c>.</summary>
internal sealed record Listener(string Signal, Detector Detector)
{
    public const string Errors = "error";

    public const string Losses = "loss";
}
