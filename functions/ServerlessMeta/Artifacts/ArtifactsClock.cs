using Microsoft.Extensions.Options;

namespace ServerlessMeta.Artifacts;

/// <summary>The times by which content without files is told from content that is about to get one.</summary>
internal sealed class ArtifactsClock(IOptions<ArtifactsOptions> options, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>How long content without a file is kept.</summary>
    public TimeSpan Grace { get; } = TimeSpan.FromHours(options.Value.GraceHours);

    /// <summary>When a claim is so old that using it again must be noted in it: early enough that no sweep takes it between that and the file's row.</summary>
    public TimeSpan TouchAfter => Grace / 4;
}
