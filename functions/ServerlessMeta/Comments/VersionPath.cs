using Microsoft.AspNetCore.Http;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Comments;

internal readonly record struct VersionPath(string Name, string Version, HttpContext Context, CommentSubjects Subjects) : ISubjectPath
{
    public static string Route => "/api/v1/models/{name}/versions/{version}";

    public static string Words => "a version of a model";

    public Task<Result<FoundSubject>> FindAsync(int behind, CancellationToken ct) => Subjects.FindVersionAsync(RouteSegment.Decode(Context, Name, behind + 2), Version, ct);
}
