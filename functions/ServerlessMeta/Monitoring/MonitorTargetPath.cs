using Microsoft.AspNetCore.Http;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

internal readonly record struct MonitorTargetPath(string Name, HttpContext Context, MonitoringTargets Targets) : IMonitoringPath
{
    public static string Route => "/api/v1/monitors/{name}";

    public static string Words => "a monitor";

    public Task<Result<FoundTarget>> FindAsync(int behind, CancellationToken ct) => Targets.FindMonitorAsync(RouteSegment.Decode(Context, Name, behind), toChange: false, ct);

    public Task<Result<FoundTarget>> FindToChangeAsync(int behind, CancellationToken ct) => Targets.FindMonitorAsync(RouteSegment.Decode(Context, Name, behind), toChange: true, ct);
}
