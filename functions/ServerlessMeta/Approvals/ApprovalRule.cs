using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Approvals;

/// <summary>Asked before an approval is recorded, while the change is prepared: whether the model's policy lets this caller say it.</summary>
/// <returns>Why it is refused; null: it may be said.</returns>
internal delegate Task<Failure?> ApprovalRule(ModelChange change, ModelVersion version, NewApproval wanted, CancellationToken ct);
