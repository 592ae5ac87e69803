using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.App;

namespace ServerlessMeta.ContractTests.Hosting;

/// <summary>The pipeline as the Functions worker hands it requests: after a routing of its own, which left an endpoint and route values behind.</summary>
public sealed class FunctionsHost(AzuriteFixture azurite) : StoreHost(azurite)
{
    private static readonly Endpoint Stale = new(static _ => throw new InvalidOperationException("The stale endpoint ran."), EndpointMetadataCollection.Empty, "http");

    protected override StoreHost New() => new FunctionsHost(Azurite);

    protected override void Compose(WebApplication app)
    {
        var pipeline = app.Services.GetRequiredService<ServerlessMetaPipeline>();
        app.Use(next => context =>
        {
            context.SetEndpoint(Stale);
            context.Request.RouteValues["path"] = context.Request.Path.Value;
            return pipeline.RunAsync(context);
        });
    }
}
