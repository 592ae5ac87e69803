using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.App;

/// <summary>
/// The pipeline for requests that no host has routed for it: those that a host routed already, as the Functions worker does, and those that the store makes of messages. It forgets that routing and does its
/// own. Where the host serves the pipeline itself it is that very one; else it is built once, when it is needed.
/// </summary>
public sealed class ServerlessMetaPipeline(IServiceProvider services)
{
    private readonly Lazy<RequestDelegate> built = new(() => new ApplicationBuilder(services).UseServerlessMeta().Build());
    private volatile RequestDelegate? served;

    public Task RunAsync(HttpContext context)
    {
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        return (served ?? built.Value)(context);
    }

    internal RequestDelegate Serve(RequestDelegate whole) => served = whole;
}
