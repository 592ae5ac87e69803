namespace ServerlessMeta.Live;

public sealed class LiveOptions
{
    public const string Section = "Live";

    /// <summary>Whether changes are also sent as they come, as server-sent events. A held connection is billed for as long as it is held.</summary>
    public bool ServerSentEvents { get; init; }
}
