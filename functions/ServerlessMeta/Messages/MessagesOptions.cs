using System.ComponentModel.DataAnnotations;

namespace ServerlessMeta.Messages;

public sealed class MessagesOptions
{
    public const string Section = "Messages";

    /// <summary>How many days a message that was applied is remembered; one that comes again later is applied again.</summary>
    [Range(1, 3650)]
    public int ReceiptDays { get; init; } = 30;

    /// <summary>The subscription whose messages are counted and replayed as those of <see cref="Entities.Retraining"/>, where that is a topic; empty where it is a queue.</summary>
    public string RetrainingSubscription { get; init; } = "";
}
