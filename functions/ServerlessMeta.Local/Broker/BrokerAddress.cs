namespace ServerlessMeta.Local.Broker;

/// <summary>Addresses of Service Bus: <c>queue</c>, <c>topic</c>, <c>topic/Subscriptions/name</c>, each but the second with <c>/$DeadLetterQueue</c>, and <c>.../$management</c>.</summary>
internal static class BrokerAddress
{
    public const string DeadLetters = "$DeadLetterQueue";
    public const string Tokens = "$cbs";

    private const string Management = "/$management";

    public static string Subscription(string topic, string name) => $"{topic}/Subscriptions/{name}";

    /// <summary>Without the host that some clients put before it.</summary>
    public static string Normal(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        var path = scheme < 0 ? 0 : address.IndexOf('/', scheme + 3);
        return (path < 0 ? "" : address[path..]).Trim('/');
    }

    /// <summary>The entity of an address that ends in <c>/$management</c>; null: it is another address.</summary>
    public static string? ManagedBy(string address) => address.EndsWith(Management, StringComparison.OrdinalIgnoreCase) ? address[..^Management.Length] : null;
}
