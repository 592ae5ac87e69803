using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.App;

/// <summary>What the store shows of itself.</summary>
public sealed class SurfaceTests(KestrelHost host) : IClassFixture<KestrelHost>
{
    [Fact]
    public void Every_route_is_listed()
    {
        var mapped = host.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(static endpoint => $"{string.Join(',', endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"])} {endpoint.RoutePattern.RawText}")
            .Where(static route => !route.Contains("/ajax-api/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        Assert.Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "App", "routes.golden.txt")), mapped);
    }

    [Fact]
    public void Browsers_have_the_same_routes_under_their_own_root()
    {
        var routes = host.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>().Select(static endpoint => endpoint.RoutePattern.RawText!).ToList();

        Assert.Equal(
            routes.Where(static route => route.StartsWith("/api/2.0/", StringComparison.Ordinal) || route.StartsWith("/api/3.0/", StringComparison.Ordinal)).Select(static route => "/ajax-" + route[1..]).Order(StringComparer.Ordinal),
            routes.Where(static route => route.StartsWith("/ajax-api/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_page_with_nothing_to_show_says_how_to_log()
    {
        var page = await host.Api.GetAsync("/experiments", ("name", "nothing is called so"));

        Assert.Equal("text/html; charset=utf-8", page.ContentType);
        Assert.Contains($"mlflow.set_tracking_uri(\"{host.Address.ToString().TrimEnd('/')}\")", System.Net.WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_page_escapes_the_hosts_name()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Host", "localhost:1\"><script>");

        var page = await host.Api.SendAsync(request);

        Assert.DoesNotContain("<script>", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_names_every_operation_in_a_group_of_its_subject()
    {
        var paths = (await host.Api.GetAsync("/openapi/v1.json")).Ok()["paths"]!.AsObject();

        Assert.All(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "App", "routes.golden.txt")).Where(static route => (route.Contains("/mlflow/", StringComparison.Ordinal) || route.Contains("/api/v1/", StringComparison.Ordinal)) && !route.Contains("**", StringComparison.Ordinal)), route =>
        {
            var path = paths[route[(route.IndexOf(' ', StringComparison.Ordinal) + 1)..]];
            Assert.All(route[..route.IndexOf(' ', StringComparison.Ordinal)].Split(','), method =>
            {
                var operation = path![method.ToLowerInvariant()]!;
                Assert.NotEmpty(operation["summary"]!.ToString());
                // Without one it is the name of a class.
                Assert.DoesNotContain("Endpoint", Assert.Single(operation["tags"]!.AsArray())!.ToString(), StringComparison.Ordinal);
            });
        });
    }

    [Fact]
    public async Task Version_is_one_that_clients_accept() => Assert.Matches("^3\\.[0-9]+\\.[0-9]+$", (await host.Api.GetAsync("/version")).Text);

    [Fact]
    public async Task Each_answer_names_its_storage_operations()
    {
        var run = await host.Api.CreateRunAsync("0");

        Assert.Equal(1, (await host.Api.PostAsync("runs/log-metric", new { run_id = run, key = "m", value = 1, timestamp = 1 })).Operations);
        Assert.Matches("^table;dur=[0-9.]+;desc=\"[0-9]+\", blob;dur=[0-9.]+;desc=\"0\"$", (await host.Api.GetAsync("runs/get", ("run_id", run))).Headers.GetValues("Server-Timing").Single());
        Assert.Equal(0, (await host.Api.GetAsync("/health")).Operations);
    }

    [Fact]
    public async Task Operations_are_named_only_when_asked_for()
    {
        await using var quiet = new KestrelHost(Fixture);
        quiet.Settings["Observability:ServerTiming"] = "false";
        await quiet.InitializeAsync();

        Assert.False((await quiet.Api.GetAsync("/version")).Headers.Contains("Server-Timing"));
    }

    private AzuriteFixture Fixture => host.Azurite;
}
