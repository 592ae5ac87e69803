using ServerlessMeta.Runs;

namespace ServerlessMeta.Search;

/// <summary>What a dialect says of a run that the store itself does not hold.</summary>
/// <param name="Status">The dialect's word for a status.</param>
/// <param name="ArtifactLocation">Where a run's artifacts lie.</param>
/// <param name="ContextTag">The tag of a dataset's use that names its context.</param>
public sealed record RunWords(Func<RunStatus, string> Status, Func<RunInfo, string> ArtifactLocation, string ContextTag);
