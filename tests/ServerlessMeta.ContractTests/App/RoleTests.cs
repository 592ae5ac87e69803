using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Access;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.App;

/// <summary>Which role each route asks for: a new route stands in the list with the role that it was meant to have.</summary>
public sealed class RoleTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    private static readonly string[] AnyMethod = ["GET", "POST"];

    [Fact]
    public void Every_route_asks_for_the_role_that_is_listed()
    {
        var asked = host.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(static endpoint => $"{string.Join(',', endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"])} {endpoint.RoutePattern.RawText!.Replace("/ajax-api/", "/api/", StringComparison.Ordinal)}: {RolesOf(endpoint)}")
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

        Assert.Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "App", "roles.golden.txt")), asked);
    }

    private static string RolesOf(RouteEndpoint endpoint) =>
        string.Join('/', (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? AnyMethod).Select(method => Roles.WordOf(RequiredRole.Of(endpoint, method))).Distinct(StringComparer.Ordinal));
}
