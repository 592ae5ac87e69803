using ServerlessMeta.Platform;

namespace ServerlessMeta.Comments;

internal readonly record struct ExperimentPath(string ExperimentId, CommentSubjects Subjects) : ISubjectPath
{
    public static string Route => "/api/v1/experiments/{experimentId}";

    public static string Words => "an experiment";

    public Task<Result<FoundSubject>> FindAsync(int behind, CancellationToken ct) => Subjects.FindExperimentAsync(ExperimentId, ct);
}
