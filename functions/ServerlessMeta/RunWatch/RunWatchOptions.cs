namespace ServerlessMeta.RunWatch;

public sealed class RunWatchOptions
{
    public const string Section = "RunWatch";

    /// <summary>Whether metrics are watched as they are logged.</summary>
    public bool Enabled { get; init; } = true;
}
