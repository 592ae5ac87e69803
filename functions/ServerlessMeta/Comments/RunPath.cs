using ServerlessMeta.Platform;

namespace ServerlessMeta.Comments;

internal readonly record struct RunPath(string RunId, CommentSubjects Subjects) : ISubjectPath
{
    public static string Route => "/api/v1/runs/{runId}";

    public static string Words => "a run";

    public Task<Result<FoundSubject>> FindAsync(int behind, CancellationToken ct) => Subjects.FindRunAsync(RunId, ct);
}
