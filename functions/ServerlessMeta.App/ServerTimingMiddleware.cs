using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ServerlessMeta.Platform;

namespace ServerlessMeta.App;

/// <summary><c>Server-Timing: table;dur=ms;desc="n", blob;dur=ms;desc="n"</c>: what a response cost in storage. Calls that joined one write each name it.</summary>
internal sealed class ServerTimingMiddleware(RequestDelegate next, IOptions<ObservabilityOptions> options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!options.Value.ServerTiming)
        {
            await next(context);
            return;
        }
        using var scope = StorageMeter.Begin();
        context.Response.OnStarting(static state =>
        {
            var (response, tally) = ((HttpResponse, StorageTally))state;
            response.Headers["Server-Timing"] = string.Create(CultureInfo.InvariantCulture,
                $"table;dur={tally.TableMilliseconds:0.##};desc=\"{tally.TableOperations}\", blob;dur={tally.BlobMilliseconds:0.##};desc=\"{tally.BlobOperations}\"");
            return Task.CompletedTask;
        }, (context.Response, scope.Tally));
        await next(context);
        // A request that the store made of an event counts for the request that brought it.
        scope.Before?.Add(scope.Tally);
    }
}
