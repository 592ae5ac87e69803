using System.Text;
using System.Text.Json;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.App;

/// <summary>Callers whom App Service authenticated.</summary>
public sealed class PrincipalTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Name = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const string Id = "X-MS-CLIENT-PRINCIPAL-ID";
    private const string Claims = "X-MS-CLIENT-PRINCIPAL";
    private readonly FunctionsHost trusting = new(azurite) { TokenRequired = true };
    private readonly FunctionsHost wary = new(azurite) { TokenRequired = true };

    public async ValueTask InitializeAsync()
    {
        trusting.Settings["Access:TrustPrincipalHeader"] = "true";
        await trusting.InitializeAsync();
        await wary.InitializeAsync();
    }

    [Theory]
    [InlineData(null, "reader")]
    [InlineData("Writer", "writer")]
    [InlineData("admin", "admin")]
    [InlineData("Reader,Approver,Writer", "approver")]
    [InlineData("Owner", "reader")]
    public async Task The_role_is_the_highest_app_role(string? roles, string expected)
    {
        var me = await MeAsync(trusting, (Name, "Ada@Example.org"), (Claims, Principal([.. (roles?.Split(',') ?? []).Select(static role => ("roles", role))])));

        Assert.Equal($$"""{"name":"ada@example.org","role":"{{expected}}","source":"principal"}""", me.Ok().ToJsonString());
    }

    [Fact]
    public async Task A_role_claim_of_another_name_counts_when_the_principal_says_so() =>
        Assert.Equal("writer", (await MeAsync(trusting, (Name, "ada"), (Claims, Principal([("https://claims.example.org/what", "Writer")], "https://claims.example.org/what")))).Ok()["role"]!.GetValue<string>());

    [Fact]
    public async Task A_display_name_gives_way_to_what_tells_people_apart()
    {
        Assert.Equal("ada@example.org", (await MeAsync(trusting, (Name, "Ada Lovelace"), (Claims, Principal([("preferred_username", "ada@example.org")])))).Ok()["name"]!.GetValue<string>());
        Assert.Equal("8b1f-77", (await MeAsync(trusting, (Name, "Ada Lovelace"), (Id, "8b1f-77"))).Ok()["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(Claims, "%%%")]
    [InlineData(Claims, "e30")]
    [InlineData(Claims, "W10=")]
    [InlineData(Claims, "e30=")]
    [InlineData(Claims, "eyJjbGFpbXMiOlt7InR5cCI6MX1dfQ==")]
    [InlineData(Name, "Ada Lovelace")]
    [InlineData(Name, "")]
    public async Task A_principal_that_names_nobody_is_refused(string header, string value) => Assert.Equal(401, (await MeAsync(trusting, (header, value))).Status);

    [Fact]
    public async Task A_token_counts_more_than_the_principal() =>
        Assert.Equal(401, (await MeAsync(trusting, (Name, "ada"), ("Authorization", "Bearer smt_wrong"))).Status);

    [Fact]
    public async Task A_bearer_token_of_the_identity_provider_is_the_principals_own() =>
        Assert.Equal("ada", (await MeAsync(trusting, (Name, "ada"), ("Authorization", "Bearer eyJhbGciOi.e30.x"))).Ok()["name"]!.GetValue<string>());

    [Fact]
    public async Task Where_it_is_not_trusted_the_header_says_nothing() =>
        Assert.Equal(401, (await MeAsync(wary, (Name, "ada"), (Claims, Principal([("roles", "Admin")])))).Status);

    [Fact]
    public async Task The_usual_role_is_a_setting()
    {
        await using var generous = new KestrelHost(azurite) { TokenRequired = true };
        generous.Settings["Access:TrustPrincipalHeader"] = "true";
        generous.Settings["Access:PrincipalRole"] = "Writer";
        await generous.InitializeAsync();

        Assert.Equal("writer", (await MeAsync(generous, (Name, "ada"))).Ok()["role"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        await trusting.DisposeAsync();
        await wary.DisposeAsync();
    }

    private static string Principal((string Type, string Value)[] claims, string roleType = "roles") => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new { auth_typ = "aad", name_typ = "name", role_typ = roleType, claims = claims.Select(static claim => new { typ = claim.Type, val = claim.Value }) })));

    private static Task<Answer> MeAsync(StoreHost host, params (string Name, string Value)[] headers) => host.Api.SendJsonAsync(HttpMethod.Get, "/api/v1/me", null, headers);
}
