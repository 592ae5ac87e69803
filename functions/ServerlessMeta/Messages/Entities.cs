namespace ServerlessMeta.Messages;

/// <summary>The queues of the store.</summary>
public static class Entities
{
    /// <summary>In: CloudEvents, each the body of an HTTP request.</summary>
    public const string Ingest = "metadata-ingest";

    /// <summary>Out: one CloudEvent for each retraining that is asked for. A queue, or a topic where the namespace has topics.</summary>
    public const string Retraining = "retraining";
}
