using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.App;

/// <summary>
/// The pipeline for requests that no host has routed for it: those that a host routed already, as the Functions worker does, and those that the store makes of messages. It forgets that routing and does its
/// own. Where the host serves the pipeline itself it is that very one, as soon as the host has started; else it is built when it is first needed.
/// </summary>
public sealed class ServerlessMetaPipeline(IServiceProvider services)
{
    private readonly Lock gate = new();
    private volatile TaskCompletionSource<RequestDelegate>? composed;

    public async Task RunAsync(HttpContext context)
    {
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        var run = await (composed ?? Build()).Task.WaitAsync(context.RequestAborted);
        await run(context);
    }

    /// <summary>The first step of whoever composes the pipeline: it takes the whole when that is built.</summary>
    internal Func<RequestDelegate, RequestDelegate> Compose()
    {
        var whole = composed = new TaskCompletionSource<RequestDelegate>(TaskCreationOptions.RunContinuationsAsynchronously);
        return run =>
        {
            whole.TrySetResult(run);
            return run;
        };
    }

    private TaskCompletionSource<RequestDelegate> Build()
    {
        lock (gate)
        {
            if (composed is null)
            {
                new ApplicationBuilder(services).UseServerlessMeta().Build();
            }
            return composed!;
        }
    }
}
