using Microsoft.AspNetCore.Http;
using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Comments;

internal readonly record struct ModelPath(string Name, HttpContext Context, CommentSubjects Subjects) : ISubjectPath
{
    public static string Route => "/api/v1/models/{name}";

    public static string Words => "a model";

    public Task<Result<FoundSubject>> FindAsync(int behind, CancellationToken ct) => Subjects.FindModelAsync(RouteSegment.Decode(Context, Name, behind), ct);
}
