using Microsoft.AspNetCore.Http;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Monitoring;

internal readonly record struct VersionTargetPath(string Name, string Version, HttpContext Context, MonitoringTargets Targets) : IMonitoringPath
{
    public static string Route => "/api/v1/models/{name}/versions/{version}";

    public static string Words => "a model version";

    public Task<Result<FoundTarget>> FindAsync(int behind, CancellationToken ct) => Targets.FindVersionAsync(RouteSegment.Decode(Context, Name, behind + 2), Version, toChange: false, ct);

    public Task<Result<FoundTarget>> FindToChangeAsync(int behind, CancellationToken ct) => Targets.FindVersionAsync(RouteSegment.Decode(Context, Name, behind + 2), Version, toChange: true, ct);
}
