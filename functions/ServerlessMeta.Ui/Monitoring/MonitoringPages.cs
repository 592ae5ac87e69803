using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServerlessMeta.Monitoring;
using ServerlessMeta.Platform;
using ServerlessMeta.Ui.Shell;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>What is watched, and one of it.</summary>
internal static class MonitoringPages
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<OverviewReader>();
        services.AddSingleton<TargetReader>();
        services.AddSingleton<DetailReader>();
        services.AddSingleton<FollowUpReader>();
    }

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/monitoring", ListAsync);
        pages.MapGet("/monitoring/models/{name}/versions/{version}", FindAsync<VersionTargetPath>);
        pages.MapGet("/monitoring/monitors/{name}", FindAsync<MonitorTargetPath>);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, OverviewReader reader, CancellationToken ct) => Page.Show<OverviewPage>(await reader.ReadAsync(FirstWindows.Of(request), ct));

    private static async Task<IResult> FindAsync<TPath>(
        [AsParameters] TPath path, HttpRequest request, TargetReader reader, CancellationToken ct, string? window = null, string? column = null, string? metric = null, string? before = null, string? columns = null)
        where TPath : struct, IMonitoringPath
    {
        var found = await path.FindAsync(0, ct);
        if (!found.IsOk)
        {
            return Page.Fault(found.Failure);
        }
        DateTimeOffset? moment = DateTimeOffset.TryParse(before, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var given) && given.Year is >= 1970 and < 3000 ? given : null;
        if (!string.IsNullOrEmpty(before) && moment is null)
        {
            return Page.Fault(new Failure.Invalid("before", "An instant as in 2026-01-31T12:00:00Z is expected."));
        }
        var query = new TargetQuery(string.IsNullOrEmpty(window) ? null : window, string.IsNullOrEmpty(column) ? null : column, metric, moment, columns == "all");
        return Page.Show<TargetPage>(await reader.ReadAsync(found.Value, query, FirstWindows.Of(request, found.Value.Path), ct));
    }
}
