using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Compare;

/// <summary>Runs, or versions, beside each other: <c>runs=a,b</c> or <c>versions=model/1,model/2</c>.</summary>
internal static class ComparePages
{
    private const int Least = 2;
    private const int Most = 20;
    private const int ChartsShown = 12;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<RunSides>();
        services.AddSingleton<VersionSides>();
        services.AddSingleton<VersionRuns>();
    }

    public static void Map(IEndpointRouteBuilder pages) => pages.MapGet("/compare", GetAsync);

    private static async Task<IResult> GetAsync(HttpRequest request, RunSides runs, VersionSides versions, CancellationToken ct, bool all = false)
    {
        var kind = request.Query.ContainsKey("versions") ? "versions" : "runs";
        var keys = request.Query[kind].OfType<string>().SelectMany(static text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal).ToList();
        if (keys.Count is < Least or > Most)
        {
            return keys.Count == 0
                ? Page.Show<ChoosePage>(new ChooseModel())
                : Page.Fault("This cannot be compared", $"Name {Least} to {Most} different {kind}, with commas between them.", StatusCodes.Status400BadRequest);
        }
        var compared = kind == "versions" ? await versions.ReadAsync(keys, ct) : await runs.ReadAsync(keys, ct);
        return compared.IsOk ? Page.Show<ComparePage>(Comparison.Of(kind, compared.Value, all) with { Charts = ChartsOf(compared.Value) }) : Page.Fault(compared.Failure);
    }

    // Those that say which is better come first.
    private static ImmutableArray<string> ChartsOf(Compared compared) => compared.Sides.Count(static side => side.Run is not null) < Least ? []
        : [.. compared.Metrics.Where(static metric => metric.On is null && metric.Values.Count(static value => value is not null) >= Least)
            .OrderByDescending(static metric => metric.Tells).ThenByDescending(static metric => metric.IsHeldOut).ThenBy(static metric => metric.Name, StringComparer.OrdinalIgnoreCase).Select(static metric => metric.Name).Take(ChartsShown)];
}
