using ServerlessMeta.Approvals;
using ServerlessMeta.Models;
using ServerlessMeta.Policies;

namespace ServerlessMeta.Ui.Models;

/// <summary>A version in its model's list.</summary>
/// <param name="Version">As it is, or was.</param>
/// <param name="Standing">What stands of all that was said of it.</param>
/// <param name="Gates">What the policy says of it; null: nothing is guarded, or it was not judged.</param>
/// <param name="Drift">Null: it is not watched, or it was not asked.</param>
public sealed record VersionLine(RegisteredVersion Version, Standing Standing, GatesView? Gates, VersionDrift? Drift);
