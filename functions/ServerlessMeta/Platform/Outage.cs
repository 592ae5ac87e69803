using System.Net.Sockets;
using Azure;

namespace ServerlessMeta.Platform;

/// <summary>Tells an outage of storage from a bug.</summary>
public static class Outage
{
    /// <summary>Whether a request failed so that it may or may not have taken effect.</summary>
    public static bool IsAmbiguous(Exception exception) => exception switch
    {
        RequestFailedException request => request.Status is 0 or 408 or 429 or >= 500,
        AggregateException many => many.InnerExceptions.All(IsAmbiguous),
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => true,
        _ => false,
    };
}
