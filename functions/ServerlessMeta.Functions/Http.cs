using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ServerlessMeta.App;

namespace ServerlessMeta.Functions;

/// <summary>Every request there is. Who may do what is decided in the pipeline, so the host asks for no key.</summary>
public sealed class Http(ServerlessMetaPipeline pipeline)
{
    [Function("http")]
    public Task Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", "head", "options", Route = "{*path}")] HttpRequest request) => pipeline.RunAsync(request.HttpContext);
}
