using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Access;

namespace ServerlessMeta.App.Messages;

/// <summary>Sends requests through the store's own pipeline, in memory: what is checked, refused and stored is the same as over HTTP.</summary>
internal sealed class OperationRunner(IServiceProvider services, ServerlessMetaPipeline pipeline)
{
    public async Task<OperationAnswer> RunAsync(IngestRequest request, Caller caller, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = ct };
        context.Features.Set(new ActingCaller(caller));
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = request.Target;
        context.Request.Method = request.Method;
        context.Request.Scheme = Uri.UriSchemeHttp;
        context.Request.Host = new HostString("localhost");
        context.Request.Path = request.Path;
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = request.Body.Length;
        context.Request.Body = new MemoryStream(request.Body, writable: false);
        context.Response.Body = answer;
        await pipeline.RunAsync(context);
        await context.Response.CompleteAsync();
        return OperationAnswer.Of(context.Response.StatusCode, answer.GetBuffer().AsSpan(0, (int)answer.Length));
    }
}
