namespace ServerlessMeta.Local.Broker;

/// <summary>The broker refuses; the condition is the word that AMQP and Service Bus have for it.</summary>
internal sealed class BrokerException(string condition, string message) : Exception(message)
{
    public const string LockLostCondition = "com.microsoft:message-lock-lost";

    public string Condition => condition;

    // The wording is what clients recognise.
    public static BrokerException NotFound(string address) => new("amqp:not-found", $"The messaging entity '{address}' could not be found.");

    public static BrokerException Full(string name, int messages, long bytes) =>
        new("amqp:resource-limit-exceeded", $"{name} is full: it holds at most {messages} messages and {bytes} bytes, dead letters among them.");

    public static BrokerException TooLarge(int bytes) =>
        new("amqp:link:message-size-exceeded", $"The message has {bytes} bytes; at most {InProcessBroker.MaxMessageBytes} are taken.");

    public static BrokerException LockLost() =>
        new(LockLostCondition, "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.");

    public static BrokerException Malformed(string what) => new("amqp:decode-error", what);

    public static BrokerException NotImplemented(string what) => new("amqp:not-implemented", $"{what} is not part of this stand-in for Service Bus.");
}
