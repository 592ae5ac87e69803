using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Access;

/// <summary>API tokens, for administrators, and who the caller is, for anyone.</summary>
internal static class TokenEndpoints
{
    private const string Root = "/api/v1/tokens";
    private const int BodyBytes = 16 * 1024;
    private const int LabelLength = 200;
    private const string Problem = "application/problem+json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("").WithTags("access").RequireRole(Role.Admin);
        tokens.MapPost(Root, CreateAsync)
            .WithSummary("Make an API token: name, role, label, expiresAt. The answer alone has the token. A repeated call makes another one. For administrators.")
            .Accepts<CreateToken>("application/json").Produces<TokenView>(201).ProducesProblem(400, Problem).ProducesProblem(403, Problem);
        tokens.MapGet(Root, ListAsync)
            .WithSummary("API tokens, the newest first, revoked and expired ones too: pageSize, pageToken. For administrators.").Produces<TokenPage>().ProducesProblem(400, Problem);
        tokens.MapGet(Root + "/{id}", FindAsync).WithSummary("An API token. For administrators.").Produces<TokenView>().ProducesProblem(404, Problem);
        tokens.MapDelete(Root + "/{id}", RevokeAsync)
            .WithSummary("Revoke an API token for ever; it stays listed. Every instance refuses it after 30 seconds at the latest. It may be repeated. For administrators.")
            .Produces<TokenView>().ProducesProblem(404, Problem);
        routes.MapGet("/api/v1/me", Me).WithTags("access").WithSummary("Who the caller is to the store: name, role, source.").Produces<CallerView>();
    }

    private static async Task<IResult> CreateAsync(HttpContext context, TokenStore store, TimeProvider time, CancellationToken ct)
    {
        var body = await JsonBody.ReadAsync(context.Request, AccessJson.Default.JsonElement, BodyBytes, ct);
        if (!body.IsOk)
        {
            return Problems.From(body.Failure);
        }
        var members = new JsonMembers(body.Value, "name", "role", "label", "expiresAt");
        var wanted = Read(members, time.GetUtcNow());
        if (members.Faults.Count > 0)
        {
            return Problems.From(members.Faults);
        }
        var (token, text) = await store.CreateAsync(wanted, ct);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = $"{Root}/{token.Id}";
        return TypedResults.Json(TokenView.From(token, time.GetUtcNow(), text), AccessJson.Default.TokenView, statusCode: StatusCodes.Status201Created);
    }

    private static NewToken Read(JsonMembers members, DateTimeOffset now)
    {
        var (name, word) = (members.Required("name", int.MaxValue), members.Required("role", int.MaxValue));
        var (read, role) = (name is null ? null : CallerName.Read(name), word is null ? null : Roles.Find(word));
        if (name is not null && read is null)
        {
            members.Refuse("name", CallerName.Rule);
        }
        else if (read is not null && CallerName.IsReserved(read))
        {
            members.Refuse("name", $"'{read}' names the store's own callers.");
        }
        if (word is not null && role is null)
        {
            members.Refuse("role", $"A role is one of {string.Join(", ", Roles.Words)}.");
        }
        var label = members.Text("label", LabelLength);
        if (label is not null && label.Any(char.IsControl))
        {
            members.Refuse("label", "A label is one line of text.");
        }
        var expires = members.Instant("expiresAt");
        if (expires <= now)
        {
            members.Refuse("expiresAt", "It is past already.");
        }
        return new NewToken(read ?? "", role ?? Role.Reader, label, expires);
    }

    private static async Task<IResult> ListAsync(TokenStore store, TimeProvider time, CancellationToken ct, string? pageSize = null, string? pageToken = null)
    {
        var faults = new List<Failure.Invalid>();
        var size = PageSize.Read(pageSize, faults);
        if (faults.Count > 0)
        {
            return Problems.From(faults);
        }
        var page = await store.ListAsync(size, pageToken, ct);
        return page.IsOk
            ? TypedResults.Json(new TokenPage([.. page.Value.Items.Select(token => TokenView.From(token, time.GetUtcNow()))], page.Value.Next), AccessJson.Default.TokenPage)
            : Problems.From(page.Failure);
    }

    private static async Task<IResult> FindAsync(string id, TokenStore store, TimeProvider time, CancellationToken ct) => Answer(await store.FindAsync(id, ct), time);

    private static async Task<IResult> RevokeAsync(string id, TokenStore store, TimeProvider time, CancellationToken ct) => Answer(await store.RevokeAsync(id, ct), time);

    private static JsonHttpResult<CallerView> Me() =>
        TypedResults.Json(new CallerView(Caller.Current.Name, Roles.WordOf(Caller.Current.Role), Caller.Current.Source), AccessJson.Default.CallerView);

    private static IResult Answer(Result<ApiToken> token, TimeProvider time) =>
        token.IsOk ? TypedResults.Json(TokenView.From(token.Value, time.GetUtcNow()), AccessJson.Default.TokenView) : Problems.From(token.Failure);
}
