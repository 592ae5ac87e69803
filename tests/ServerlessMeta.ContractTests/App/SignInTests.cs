using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.App;

/// <summary>Browsers sign in with a token and have it as a cookie; other sites gain nothing by it.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private const string Token = "correct horse battery staple";
    private readonly KestrelHost locked;
    private readonly KestrelHost open;
    private readonly HttpClient browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public SignInTests(AzuriteFixture azurite) => (locked, open) = (new KestrelHost(azurite) { TokenRequired = true }, new KestrelHost(azurite));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Here => locked.Address.ToString().TrimEnd('/');

    public async ValueTask InitializeAsync()
    {
        locked.Settings["Access:AdminTokenSha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Token)));
        await locked.InitializeAsync();
        await open.InitializeAsync();
    }

    [Fact]
    public async Task A_browser_without_a_token_is_led_to_the_page_where_it_signs_in_and_back()
    {
        using var page = await GetAsync("/experiments?name=a%26b", ("Accept", "text/html"));

        Assert.Equal((302, "/sign-in?return=%2Fexperiments%3Fname%3Da%2526b"), ((int)page.StatusCode, page.Headers.Location?.ToString()));
        using var form = await GetAsync(page.Headers.Location!.ToString(), ("Accept", "text/html"));
        var html = await form.Content.ReadAsStringAsync(Ct);
        Assert.Contains("name=\"return\" value=\"/experiments?name=a%26b\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<nav", html, StringComparison.Ordinal);

        using var done = await SignInAsync(Token, "/experiments?name=a%26b");

        Assert.Equal((303, "/experiments?name=a%26b"), ((int)done.StatusCode, done.Headers.Location?.ToString()));
        var set = Assert.Single(done.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-serverlessmeta=", set, StringComparison.Ordinal);
        Assert.All(new[] { "; path=/", "; secure", "; samesite=strict", "; httponly", "; max-age=604800" }, attribute => Assert.Contains(attribute, set, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("domain", set, StringComparison.OrdinalIgnoreCase);
        using var back = await GetAsync("/experiments", ("Accept", "text/html"), ("Cookie", set.Split(';')[0]));
        Assert.Equal(200, (int)back.StatusCode);
        Assert.Contains("Sign out", await back.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_to_sign_in_and_what_it_loads_are_open_and_nothing_else()
    {
        using var page = await GetAsync("/sign-in");
        var html = await page.Content.ReadAsStringAsync(Ct);
        var style = html.Split("rel=\"stylesheet\" href=\"")[1].Split('"')[0];
        using var asset = await GetAsync(style);
        using var nothing = await GetAsync("/assets/../api/v1/me");
        using var sibling = await GetAsync("/sign-in/x");

        Assert.Equal((200, 200, 401, 401), ((int)page.StatusCode, (int)asset.StatusCode, (int)nothing.StatusCode, (int)sibling.StatusCode));
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("smt_000000000000000000000000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_token_that_is_not_known_sets_no_cookie(string token)
    {
        using var refused = await SignInAsync(token, "/data");

        Assert.Equal((303, "/sign-in?failed=1&return=%2Fdata"), ((int)refused.StatusCode, refused.Headers.Location?.ToString()));
        Assert.False(refused.Headers.Contains("Set-Cookie"));
        using var page = await GetAsync(refused.Headers.Location!.ToString());
        Assert.Contains("does not know the token", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/a\r\nSet-Cookie: x=y")]
    [InlineData("")]
    public async Task Nobody_is_led_elsewhere(string back)
    {
        using var done = await SignInAsync(Token, back);

        Assert.Equal("/", done.Headers.Location?.ToString());
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("X-Nothing", "x")]
    public async Task Another_site_neither_signs_a_reader_in_nor_writes_by_his_cookie(string header, string value)
    {
        using var signing = await PostFormAsync("/sign-in", new() { ["token"] = Token }, (header, value));
        using var writing = await PostJsonAsync($"/{Api.Root.Trim('/')}/experiments/create", """{"name":"forged"}""", ("Cookie", CookieOf(Token)), (header, value));
        using var leaving = await PostFormAsync("/sign-out", [], ("Cookie", CookieOf(Token)), (header, value));

        Assert.Equal((403, 401, 403), ((int)signing.StatusCode, (int)writing.StatusCode, (int)leaving.StatusCode));
        Assert.False(signing.Headers.Contains("Set-Cookie") || leaving.Headers.Contains("Set-Cookie"));
        using var looked = await GetAsync(Api.Root + "experiments/get-by-name?experiment_name=forged", ("Authorization", "Bearer " + Token));
        Assert.Equal(404, (int)looked.StatusCode);
    }

    [Fact]
    public async Task A_page_of_the_store_writes_by_the_cookie_and_signs_out()
    {
        using var writing = await PostJsonAsync($"/{Api.Root.Trim('/')}/experiments/create", """{"name":"from a page"}""", ("Cookie", CookieOf(Token)), ("Origin", Here), ("Sec-Fetch-Site", "same-origin"));
        using var leaving = await PostFormAsync("/sign-out", [], ("Cookie", CookieOf(Token)), ("Origin", Here));

        Assert.Equal((200, 303, "/sign-in"), ((int)writing.StatusCode, (int)leaving.StatusCode, leaving.Headers.Location?.ToString()));
        Assert.Contains("expires=Thu, 01 Jan 1970", Assert.Single(leaving.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("smt_000000000000000000000000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_cookie_with_a_bad_token_is_none(string token)
    {
        using var page = await GetAsync("/", ("Accept", "text/html"), ("Cookie", CookieOf(token)));
        using var call = await GetAsync("/api/v1/me", ("Cookie", CookieOf(token)), ("Sec-Fetch-Mode", "cors"));
        using var garbled = await GetAsync("/api/v1/me", ("Cookie", "__Host-serverlessmeta=%%%"));

        Assert.Equal((302, 401, 401), ((int)page.StatusCode, (int)call.StatusCode, (int)garbled.StatusCode));
        Assert.Empty(call.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task A_given_authorization_counts_before_the_cookie()
    {
        using var refused = await GetAsync("/api/v1/me", ("Cookie", CookieOf(Token)), ("Authorization", "Bearer wrong"));

        Assert.Equal(401, (int)refused.StatusCode);
    }

    [Fact]
    public async Task A_store_without_tokens_takes_whoever_has_a_cookie_of_another_store()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(open.Address, "/api/v1/me")) { Headers = { { "Cookie", CookieOf(Token) } } };
        using var answer = await browser.SendAsync(request, Ct);

        Assert.Contains("\"local\"", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await locked.DisposeAsync();
        await open.DisposeAsync();
    }

    private static string CookieOf(string token) => $"__Host-serverlessmeta={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token))}";

    private Task<HttpResponseMessage> SignInAsync(string token, string back) => PostFormAsync("/sign-in", new() { ["token"] = token, ["return"] = back }, ("Origin", Here), ("Sec-Fetch-Site", "same-origin"));

    private Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    private Task<HttpResponseMessage> PostFormAsync(string path, Dictionary<string, string> fields, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields), headers);

    private Task<HttpResponseMessage> PostJsonAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(locked.Address, path)) { Content = body, Version = HttpVersion.Version11 };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await browser.SendAsync(request, Ct);
    }
}
