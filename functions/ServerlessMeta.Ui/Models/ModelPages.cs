using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Access;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Comments;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;
using ServerlessMeta.Policies;
using ServerlessMeta.Search;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Models;

/// <summary>The registry's list, and a model's page.</summary>
internal static class ModelPages
{
    private const int ModelsShown = 25;
    private const int VersionsShown = 10;
    private const int ItemsShown = 50;
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (string Name, string Label)[] PolicyParts =
        [("aliases", "Aliases, each with what it asks for"), ("stages", "Stages, each with what it asks for"), ("higherIsBetter", "Metrics, and whether more is better")];

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<VersionBriefs>();
        services.AddSingleton<VersionRecords>();
        services.AddSingleton<VersionReader>();
        services.AddSingleton<WatchReader>();
    }

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/models", ListAsync);
        pages.MapGet("/models/{name}", FindAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, RegistrySearch search, ModelHistory history, VersionBriefs briefs, UiWords words, string? q, string? order, string? page, CancellationToken ct)
    {
        var asOf = AsOf.Of(context.Request);
        var shown = new ModelsModel { Filter = q, Order = order, AsOf = asOf.At, HiddenTags = words.HiddenTags, FirstSteps = RegisterSteps.Of(context.Request) };
        var query = RecordQuery.Parse(ModelFilter.Of(q), asOf.At is not null ? [] : [order is { Length: > 0 } ? order : "updated DESC"], RegistryNativeSchema.Models);
        if ((asOf.Fault ?? query.Failure) is { } wrong)
        {
            return Page.Show<ModelsPage>(shown with { Fault = wrong.Detail }, StatusCodes.Status400BadRequest);
        }
        var found = asOf.At is { } moment
            ? await history.ListAsync(moment, query.Value, ModelsShown, page, ct)
            : await NowAsync(search, query.Value, page, ct);
        return found.IsOk
            ? Page.Show<ModelsPage>(shown with { Models = await briefs.ReadAsync(found.Value.Items, asOf.At, ct), Next = found.Value.Next })
            : Page.Show<ModelsPage>(shown with { Fault = found.Failure.Detail }, StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> FindAsync(
        string name, HttpContext context, ModelHistory history, ModelTags tags, VersionBriefs briefs, PolicyStore policies, DecisionReader decisions, FeedReader feeds, UiWords words,
        string? tab, string? page, CancellationToken ct)
    {
        var asOf = AsOf.Of(context.Request);
        var found = asOf.Fault is { } fault ? fault : await history.FindAsync(RouteSegment.Decode(context, name, 0), asOf.At, ct);
        if (!found.IsOk)
        {
            return Page.Fault(found.Failure);
        }
        var model = found.Value;
        var shown = new ModelModel
        {
            Model = model,
            Tags = await (asOf.At is null ? tags.AllAsync(model, ct) : tags.AllOfPastAsync(model, ct)),
            AsOf = asOf.At,
            Tab = tab ?? "",
            Tag = ModelRequests.TagOf(model).ToString(),
            HiddenTags = words.HiddenTags,
            CanWrite = asOf.At is null && Caller.Current.Role >= Role.Writer,
            IsAdmin = asOf.At is null && Caller.Current.Role >= Role.Admin,
        };
        switch (tab)
        {
            case "policy":
                var (reading, deciding) = (policies.FindAsync(model, asOf.At, ct), decisions.ListAsync(model, new DecisionFilter(AsOf: asOf.At), ItemsShown, page, ct));
                var (policy, decided) = (await reading, await deciding);
                return decided.IsOk ? Page.Show<ModelPage>(shown with { Policy = Of(policy, decided.Value, context.Request, model) }) : Page.Fault(decided.Failure);
            case "history":
                var feed = await feeds.ListAsync(new FoundSubject(new CommentSubject.OfModel(model.Number), model.Name), ItemsShown, page, ct);
                return feed.IsOk ? Page.Show<ModelPage>(shown with { Feed = Feed(feed.Value, ModelLinks.Model(model), ModelLinks.Api(model), model, shown.CanWrite, shown.IsAdmin) }) : Page.Fault(feed.Failure);
            default:
                var versions = await history.ListVersionsAsync(model, asOf.At, VersionsShown, page, ct);
                return versions.IsOk
                    ? Page.Show<ModelPage>(shown with { Tab = "", Versions = await briefs.ReadAsync(model, versions.Value.Items, asOf.At, ct), NextVersions = versions.Value.Next })
                    : Page.Fault(versions.Failure);
        }
    }

    internal static FeedModel Feed(Paged<FeedItem> feed, string address, string api, RegisteredModel model, bool canWrite, bool isAdmin) => new()
    {
        Address = address,
        Api = $"{api}/comments",
        Items = [.. feed.Items.Select(FeedItemView.From)],
        Next = feed.Next,
        Reader = Caller.Current.Name,
        CanWrite = canWrite,
        IsAdmin = isAdmin,
        Audit = $"/audit?object={Uri.EscapeDataString($"model:{model.Name}")}",
    };

    private static async Task<Result<Paged<RegisteredModel>>> NowAsync(RegistrySearch search, RecordQuery query, string? page, CancellationToken ct)
    {
        var found = await search.SearchModelsAsync(query, ModelsShown, page, ct);
        return found.IsOk ? new Paged<RegisteredModel>([.. found.Value.Items.Select(static one => one.Model)], found.Value.Next) : found.Failure;
    }

    private static PolicyModel Of(ModelPolicy? policy, Paged<Decision> decisions, HttpRequest request, RegisteredModel model)
    {
        var content = PolicyView.From(policy ?? new ModelPolicy { Number = 0, At = default, By = "", Content = PolicyContent.Empty }).Policy;
        return new PolicyModel
        {
            InForce = policy,
            Parts = [.. PolicyParts.Select(part => (part.Name, part.Label, Text(content.GetProperty(part.Name))))],
            Decisions = decisions.Items,
            Next = decisions.Next,
            FirstSteps = RegisterSteps.OfPolicy(request, ModelLinks.Api(model)),
        };
    }

    private static string Text(JsonElement json)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Indented))
        {
            json.WriteTo(writer);
        }
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
