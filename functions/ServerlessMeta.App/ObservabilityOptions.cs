namespace ServerlessMeta.App;

public sealed class ObservabilityOptions
{
    public const string Section = "Observability";

    /// <summary>Whether each response names the storage operations that were made before it, in a Server-Timing header.</summary>
    public bool ServerTiming { get; init; }
}
