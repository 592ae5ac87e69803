using Amqp;
using Amqp.Framing;

namespace ServerlessMeta.Local.Broker;

/// <summary>The node <c>$cbs</c>, where clients put their tokens. Any is taken, for it is reached over loopback alone.</summary>
internal static class TokenNode
{
    public static Message Answer(Message request)
    {
        var known = request.ApplicationProperties?.Map.GetValueOrDefault("operation") is "put-token";
        return new Message
        {
            ApplicationProperties = new ApplicationProperties
            {
                ["status-code"] = known ? 202 : 400,
                ["status-description"] = known ? "Accepted" : "The operation is not put-token.",
            },
        };
    }
}
