using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.App;

/// <summary>The pipeline for a host that has routed the request already, as the Functions worker does: built once, it forgets that routing and does its own.</summary>
public sealed class ServerlessMetaPipeline(IServiceProvider services)
{
    private readonly Lazy<RequestDelegate> run = new(() => new ApplicationBuilder(services).UseServerlessMeta().Build());

    public Task RunAsync(HttpContext context)
    {
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        return run.Value(context);
    }
}
