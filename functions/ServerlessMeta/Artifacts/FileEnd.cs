using ServerlessMeta.Audit;

namespace ServerlessMeta.Artifacts;

/// <summary>Where the chain of a path ends that has no file now.</summary>
/// <param name="Head">The end.</param>
/// <param name="IsRow">Whether it stands in a row of its own, as deleting leaves it.</param>
internal sealed record FileEnd(AuditHead Head, bool IsRow);
