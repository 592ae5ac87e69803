using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>
/// Asked before an alias or a stage moves, whichever call moves it; every registered guard is. It runs while the change is prepared: what it reads of the model's records
/// is guarded by the model's row, and it runs anew when another writer was first. <see cref="ModelChange.Model"/> has the holders as they were before.
/// It may add records, details (<see cref="ModelChange.Note"/>) and events to the change.
/// </summary>
/// <returns>Why the move is refused; null: it may happen.</returns>
internal delegate Task<Failure?> MoveGuard(ModelChange change, ModelMove move, CancellationToken ct);
