using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.App;

public sealed class AccessTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Token = "correct horse battery staple";
    private readonly FunctionsHost locked = new(azurite) { TokenRequired = true };
    private readonly KestrelHost open = new(azurite);

    public async ValueTask InitializeAsync()
    {
        locked.Settings["Access:AdminTokenSha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Token)));
        await locked.InitializeAsync();
        await open.InitializeAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/version")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/2.0/mlflow/experiments/get?experiment_id=0")]
    [InlineData("/api/2.0/mlflow/nothing")]
    [InlineData("/healthy")]
    [InlineData("/health/../version")]
    [InlineData("/Health")]
    public async Task Without_the_token_everything_is_closed(string path)
    {
        var answer = await locked.Api.GetAsync(path);

        Assert.Equal(401, answer.Status);
        Assert.Equal("Basic realm=\"mlflow\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.Contains("UNAUTHENTICATED", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_open() => Assert.Equal("OK", (await locked.Api.GetAsync("/health")).Text);

    [Theory]
    [InlineData("Bearer correct horse battery staple", 200)]
    [InlineData("bearer correct horse battery staple", 200)]
    [InlineData("Basic anyone:correct horse battery staple", 200)]
    [InlineData("Basic :correct horse battery staple", 200)]
    [InlineData("Basic correct horse battery staple:", 401)]
    [InlineData("Bearer wrong", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData("Basic", 401)]
    [InlineData("Digest correct horse battery staple", 401)]
    public async Task The_token_opens(string header, int status)
    {
        var value = header.StartsWith("Basic ", StringComparison.Ordinal) ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(header[6..])) : header;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/version");

        Assert.Equal(status, (await locked.Api.SendAsync(request, ("Authorization", value))).Status);
    }

    [Fact]
    public async Task What_is_no_base64_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/version");

        Assert.Equal(401, (await locked.Api.SendAsync(request, ("Authorization", "Basic %%%"))).Status);
    }

    [Fact]
    public async Task A_refused_write_changes_nothing()
    {
        Assert.Equal(401, (await locked.Api.PostAsync("experiments/create", new { name = "refused" })).Status);

        using var request = new HttpRequestMessage(HttpMethod.Get, Api.Root + "experiments/get-by-name?experiment_name=refused");
        Assert.Equal(404, (await locked.Api.SendAsync(request, ("Authorization", "Bearer " + Token))).Status);
    }

    [Fact]
    public async Task A_store_that_is_reached_from_elsewhere_without_a_token_set_is_closed()
    {
        await using var closed = new FunctionsHost(azurite) { TokenRequired = true };
        await closed.InitializeAsync();

        var answer = await closed.Api.GetAsync("/version");

        Assert.Equal(401, answer.Status);
        Assert.Contains("Access:AdminTokenSha256", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_hash_of_another_shape_stops_the_start()
    {
        await using var wrong = new KestrelHost(azurite) { TokenRequired = true };
        wrong.Settings["Access:AdminTokenSha256"] = "secret";

        var refused = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(async () => await wrong.InitializeAsync());

        Assert.Contains("AdminTokenSha256", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example", null, 403)]
    [InlineData("127.0.0.1.evil.example", null, 403)]
    [InlineData("localhost", "https://evil.example", 403)]
    [InlineData("localhost", "null", 403)]
    [InlineData("localhost", "http://localhost:3000", 200)]
    [InlineData("127.0.0.1", null, 200)]
    [InlineData("[::1]", null, 200)]
    public async Task On_loopback_pages_from_elsewhere_cannot_write(string name, string? origin, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Api.Root + "experiments/search") { Content = new StringContent("{}", null, "application/json") };
        request.Headers.Host = name;

        Assert.Equal(status, (await open.Api.SendAsync(request, origin is null ? [] : [("Origin", origin)])).Status);
    }

    public async ValueTask DisposeAsync()
    {
        await locked.DisposeAsync();
        await open.DisposeAsync();
    }
}
