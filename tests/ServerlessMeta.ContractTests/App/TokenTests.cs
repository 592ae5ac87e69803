using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Access;
using ServerlessMeta.ContractTests.Hosting;
using ServerlessMeta.Platform;

namespace ServerlessMeta.ContractTests.App;

/// <summary>API tokens and roles, over HTTP.</summary>
public abstract class TokenTests(StoreHost locked, StoreHost open) : IAsyncLifetime
{
    private const string AdminToken = "correct horse battery staple";
    private const string Search = Api.Root + "experiments/search";
    private const string Create = Api.Root + "experiments/create";
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public async ValueTask InitializeAsync()
    {
        locked.TokenRequired = true;
        locked.Clock = clock;
        locked.Settings["Access:AdminTokenSha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(AdminToken)));
        await locked.InitializeAsync();
        await open.InitializeAsync();
    }

    [Fact]
    public async Task A_token_is_shown_once_and_calls_by_its_name()
    {
        var made = await SendAsync(HttpMethod.Post, "/api/v1/tokens", Bearer(AdminToken), new { name = "Ada@example.org", role = "writer", label = "laptop", expiresAt = "2026-04-01T14:00:00+02:00" });

        Assert.Equal(201, made.Status);
        Assert.Equal("no-store", made.Headers.CacheControl?.ToString());
        var (token, id) = (made.Json["token"]!.GetValue<string>(), made.Json["id"]!.GetValue<string>());
        Assert.Matches("^smt_[0-9a-f]{24}[0-9A-Za-z]{40}$", token);
        Assert.Equal($"/api/v1/tokens/{id}", made.Headers.Location?.ToString());
        var kept = (await SendAsync(HttpMethod.Get, $"/api/v1/tokens/{id}", Bearer(AdminToken))).Ok();
        Assert.True(JsonNode.DeepEquals(kept, JsonNode.Parse(
            $$"""{"id":"{{id}}","name":"ada@example.org","label":"laptop","role":"writer","status":"active","createdAt":"2026-03-01T12:00:00+00:00","createdBy":"admin","expiresAt":"2026-04-01T12:00:00+00:00"}""")), kept.ToJsonString());
        var me = $$"""{"name":"ada@example.org","role":"writer","source":"token:{{id}}"}""";
        Assert.Equal(me, (await MeAsync(Bearer(token))).ToJsonString());
        Assert.Equal(me, (await MeAsync(Basic("whoever", token))).ToJsonString());
    }

    [Fact]
    public async Task The_administrators_token_is_one_caller_whatever_user_stands_beside_it()
    {
        const string Admin = """{"name":"admin","role":"admin","source":"admin-token"}""";

        Assert.Equal(Admin, (await MeAsync(Bearer(AdminToken))).ToJsonString());
        Assert.Equal(Admin, (await MeAsync(Basic("ada", AdminToken))).ToJsonString());
    }

    [Fact]
    public async Task Tokens_are_stored_as_their_hashes_only()
    {
        var (token, _) = await MakeAsync("ada", "reader");

        await foreach (var row in locked.Services.GetRequiredService<StorageClients>().Tokens.QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Ct))
        {
            Assert.All(row.Select(static property => property.Value), value => Assert.DoesNotContain(token[^40..], value as string ?? (value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : ""), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("reader", 200, 403, 403)]
    [InlineData("writer", 200, 200, 403)]
    [InlineData("approver", 200, 200, 403)]
    [InlineData("admin", 200, 200, 200)]
    public async Task Each_role_may_do_its_own_and_less(string role, int read, int write, int administrate)
    {
        var (token, _) = await MakeAsync("grace", role);

        var answers = (
            (await SendAsync(HttpMethod.Post, Search, Bearer(token), new { max_results = 1 })).Status,
            (await SendAsync(HttpMethod.Post, Create, Bearer(token), new { name = role + " made it" })).Status,
            (await SendAsync(HttpMethod.Get, "/api/v1/tokens", Bearer(token))).Status);

        Assert.Equal((read, write, administrate), answers);
    }

    [Fact]
    public async Task A_refusal_names_the_role_in_the_dialect_of_the_path()
    {
        var (token, _) = await MakeAsync("grace", "reader");

        var mlflow = await SendAsync(HttpMethod.Post, Create, Bearer(token), new { name = "refused" });
        mlflow.Fails(403, "PERMISSION_DENIED", "POST /api/2.0/mlflow/experiments/create needs the role writer; grace has the role reader.");
        var native = await SendAsync(HttpMethod.Delete, "/api/v1/tokens/0", Bearer(token));
        Assert.Equal((403, "urn:serverlessmeta:problem:permission-denied", "application/problem+json"), (native.Status, native.Json["type"]!.GetValue<string>(), native.ContentType));
        Assert.Equal("DELETE /api/v1/tokens/0 needs the role admin; grace has the role reader.", native.Json["detail"]!.GetValue<string>());
        Assert.Equal(404, (await SendAsync(HttpMethod.Get, Api.Root + "experiments/get-by-name?experiment_name=refused", Bearer(token))).Status);
    }

    [Fact]
    public async Task What_no_route_answers_is_told_to_every_role()
    {
        var (token, _) = await MakeAsync("grace", "reader");

        Assert.Equal(404, (await SendAsync(HttpMethod.Post, "/api/v1/nothing", Bearer(token))).Status);
        Assert.Equal(405, (await SendAsync(HttpMethod.Delete, Search, Bearer(token))).Status);
    }

    [Fact]
    public async Task A_revoked_token_is_refused_and_its_row_stays()
    {
        var (token, id) = await MakeAsync("ada", "writer");
        await MeAsync(Bearer(token));
        clock.Advance(TimeSpan.FromSeconds(1));

        var revoked = (await SendAsync(HttpMethod.Delete, $"/api/v1/tokens/{id}", Bearer(AdminToken))).Ok();
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(("revoked", "2026-03-01T12:00:01+00:00", "admin"), (revoked["status"]!.GetValue<string>(), revoked["revokedAt"]!.GetValue<string>(), revoked["revokedBy"]!.GetValue<string>()));
        Refused(await SendAsync(HttpMethod.Get, "/api/v1/me", Bearer(token)), $"The token {id} was revoked at 2026-03-01 12:00:01Z.");
        Assert.Equal(revoked.ToJsonString(), (await SendAsync(HttpMethod.Delete, $"/api/v1/tokens/{id}", Bearer(AdminToken))).Ok().ToJsonString());
        Assert.Equal(revoked.ToJsonString(), (await SendAsync(HttpMethod.Get, $"/api/v1/tokens/{id}", Bearer(AdminToken))).Ok().ToJsonString());
    }

    [Fact]
    public async Task An_expired_token_is_refused_from_that_moment_though_it_was_used_just_before()
    {
        var (token, id) = await MakeAsync("ada", "writer", clock.GetUtcNow().AddSeconds(10));
        await MeAsync(Bearer(token));

        clock.Advance(TimeSpan.FromSeconds(10));

        Refused(await SendAsync(HttpMethod.Get, "/api/v1/me", Basic("ada", token)), $"The token {id} expired at 2026-03-01 12:00:10Z.");
    }

    [Fact]
    public async Task Unknown_tokens_are_refused()
    {
        var (token, _) = await MakeAsync("ada", "writer");

        Refused(await SendAsync(HttpMethod.Get, "/version", Bearer(token[..^1] + (token[^1] == 'a' ? 'b' : 'a'))), "The token is not known to this store.");
        Refused(await SendAsync(HttpMethod.Get, "/version", Bearer("smt_")), "The token is none of this store's: it has another shape.");
        Refused(await SendAsync(HttpMethod.Get, "/version", Bearer(token + "!")), "The token is none of this store's: it has another shape.");
        Refused(await SendAsync(HttpMethod.Get, "/version", Bearer("something")), "A valid token is needed, as Bearer token or as Basic password.");
    }

    [Fact]
    public async Task Every_fault_of_a_wanted_token_is_told_at_once()
    {
        var refused = await SendAsync(HttpMethod.Post, "/api/v1/tokens", Bearer(AdminToken), new { name = "Ada Lovelace", role = "owner", label = 7, expiresAt = "2026-02-01T00:00:00Z", scope = "all" });

        Assert.Equal(400, refused.Status);
        Assert.Equal(["scope", "name", "role", "label", "expiresAt"], refused.Json["errors"]!.AsArray().Select(static fault => fault!["field"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"name":null,"role":"writer"}""")]
    [InlineData("""{"name":"","role":"writer"}""")]
    [InlineData("""{"name":"Admin","role":"writer"}""")]
    [InlineData("""{"name":"store","role":"writer"}""")]
    [InlineData("""{"name":"\u212aim","role":"writer"}""")]
    [InlineData("""{"name":"kim.","role":"writer"}""")]
    [InlineData("""{"name":"kim","role":"1"}""")]
    [InlineData("""{"name":"kim","role":"writer","label":"a\nb"}""")]
    [InlineData("""{"name":"kim","role":"writer","label":"\ud800"}""")]
    [InlineData("""{"name":"kim","role":"writer","expiresAt":"tomorrow"}""")]
    [InlineData("""{"name":"kim","role":"writer","expiresAt":"2030-01-01"}""")]
    [InlineData("""{"name":"kim","role":"writer","expiresAt":"9999-12-31T23:59:59-14:00"}""")]
    [InlineData("""{"name":"kim","name":"ada","role":"writer"}""")]
    [InlineData("""{"name":""")]
    public async Task A_token_that_cannot_be_is_refused(string json)
    {
        var refused = await locked.Api.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", json, ("Authorization", Bearer(AdminToken)));

        Assert.Equal((400, "application/problem+json"), (refused.Status, refused.ContentType));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("000000000000000000000000")]
    [InlineData("00000000000000000000000%2F")]
    [InlineData("%C3%A9")]
    public async Task A_token_that_is_not_there_is_not_found(string id)
    {
        Assert.Equal(404, (await SendAsync(HttpMethod.Get, "/api/v1/tokens/" + id, Bearer(AdminToken))).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Delete, "/api/v1/tokens/" + id, Bearer(AdminToken))).Status);
    }

    [Fact]
    public async Task Tokens_are_listed_newest_first_page_by_page()
    {
        var made = new List<string>();
        for (var count = 0; count < 5; count++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            made.Insert(0, (await MakeAsync("ada", "reader")).Id);
        }

        var (listed, next) = (new List<string>(), "");
        do
        {
            var page = (await SendAsync(HttpMethod.Get, "/api/v1/tokens?pageSize=2&pageToken=" + next, Bearer(AdminToken))).Ok();
            listed.AddRange(page["tokens"]!.AsArray().Select(static token => token!["id"]!.GetValue<string>()));
            next = page["nextPageToken"]?.GetValue<string>();
        }
        while (next is not null);

        Assert.Equal(made, listed);
        Assert.Equal(400, (await SendAsync(HttpMethod.Get, "/api/v1/tokens?pageSize=0", Bearer(AdminToken))).Status);
        Assert.Equal(400, (await SendAsync(HttpMethod.Get, "/api/v1/tokens?pageToken=x", Bearer(AdminToken))).Status);
    }

    [Fact]
    public async Task A_busy_job_pays_one_operation_in_half_a_minute()
    {
        var (token, _) = await MakeAsync("ci", "writer");

        Assert.Equal(1, (await SendAsync(HttpMethod.Get, "/api/v1/me", Bearer(token))).Operations);
        Assert.Equal(0, (await SendAsync(HttpMethod.Get, "/api/v1/me", Bearer(token))).Operations);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, (await SendAsync(HttpMethod.Get, "/api/v1/me", Bearer(token))).Operations);
        Assert.Equal(0, (await SendAsync(HttpMethod.Get, "/api/v1/me", Bearer(AdminToken))).Operations);
    }

    [Theory]
    [InlineData(null, "local")]
    [InlineData("ada:any password", "ada")]
    [InlineData("Ada@Example.org:", "ada@example.org")]
    [InlineData(":any password", "local")]
    [InlineData(" :", "local")]
    public async Task On_loopback_the_user_name_says_who_calls(string? credentials, string name)
    {
        var answer = await open.Api.SendJsonAsync(HttpMethod.Get, "/api/v1/me", null, credentials is null ? [] : [("Authorization", Basic(credentials))]);

        Assert.Equal($$"""{"name":"{{name}}","role":"admin","source":"local"}""", answer.Ok().ToJsonString());
        Assert.Equal(0, answer.Operations);
    }

    [Fact]
    public async Task On_loopback_a_token_that_is_given_must_be_valid_and_counts()
    {
        var made = (await open.Api.SendJsonAsync(HttpMethod.Post, "/api/v1/tokens", """{"name":"ada","role":"reader"}""")).Json;
        var token = made["token"]!.GetValue<string>();

        Assert.Equal("reader", (await open.Api.SendJsonAsync(HttpMethod.Get, "/api/v1/me", null, ("Authorization", Basic("grace:" + token)))).Ok()["role"]!.GetValue<string>());
        Assert.Equal(403, (await open.Api.PostJsonAsync("experiments/create", """{"name":"by a reader"}""", ("Authorization", Bearer(token)))).Status);
        foreach (var wrong in new[] { Bearer(token + "0"), Basic("ada:smt_x"), Bearer("something"), Basic("no colon"), "Basic %%%", Basic("Ada Lovelace:x") })
        {
            Assert.Equal(401, (await open.Api.SendJsonAsync(HttpMethod.Get, "/api/v1/me", null, ("Authorization", wrong))).Status);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await locked.DisposeAsync();
        await open.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Bearer(string token) => "Bearer " + token;

    private static string Basic(string user, string password) => Basic($"{user}:{password}");

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    private static void Refused(Answer answer, string message)
    {
        Assert.Equal((401, message), (answer.Status, answer.Json["detail"]!.GetValue<string>()));
        Assert.Equal("Basic realm=\"mlflow\"", answer.Headers.WwwAuthenticate.ToString());
    }

    private Task<Answer> SendAsync(HttpMethod method, string path, string authorization, object? body = null) =>
        locked.Api.SendJsonAsync(method, path, body is null ? null : System.Text.Json.JsonSerializer.Serialize(body), ("Authorization", authorization));

    private async Task<JsonNode> MeAsync(string authorization) => (await SendAsync(HttpMethod.Get, "/api/v1/me", authorization)).Ok();

    private async Task<(string Token, string Id)> MakeAsync(string name, string role, DateTimeOffset? expiresAt = null)
    {
        var made = await SendAsync(HttpMethod.Post, "/api/v1/tokens", Bearer(AdminToken), new { name, role, expiresAt });
        Assert.Equal(201, made.Status);
        return (made.Json["token"]!.GetValue<string>(), made.Json["id"]!.GetValue<string>());
    }
}

public sealed class TokenTestsOnKestrel(AzuriteFixture azurite) : TokenTests(new KestrelHost(azurite), new KestrelHost(azurite));

public sealed class TokenTestsOnFunctions(AzuriteFixture azurite) : TokenTests(new FunctionsHost(azurite), new FunctionsHost(azurite));
