using System.Collections.Concurrent;
using Amqp;
using Amqp.Listener;

namespace ServerlessMeta.Local.Broker;

/// <summary>The links that answers go to, by connection and by the names that requests have for them.</summary>
internal sealed class ResponseLinks
{
    private readonly ConcurrentDictionary<(Connection Connection, string Name), ResponseLink> links = [];

    /// <param name="address">What the client calls its end; requests to management nodes name it. Those to <c>$cbs</c> name the link.</param>
    public ResponseLink Add(ListenerLink link, string? address)
    {
        var response = new ResponseLink(link);
        var keys = new[] { link.Name, address }.OfType<string>().Select(name => (link.Session.Connection, name)).ToArray();
        foreach (var key in keys)
        {
            links[key] = response;
        }
        link.AddClosedCallback((_, _) =>
        {
            foreach (var key in keys)
            {
                links.TryRemove(KeyValuePair.Create(key, response));
            }
        });
        return response;
    }

    public ResponseLink? Find(Connection connection, string name) => links.GetValueOrDefault((connection, name));
}
