namespace ServerlessMeta.Messages;

public sealed class MessagesOptions
{
    public const string Section = "Messages";

    /// <summary>The subscription whose messages are counted and replayed as those of <see cref="Entities.Retraining"/>, where that is a topic; empty where it is a queue.</summary>
    public string RetrainingSubscription { get; init; } = "";
}
