using ServerlessMeta.Models;

namespace ServerlessMeta.Policies;

/// <summary>Tells which alerts of drift are open for a version; a source of it is registered by whatever watches models. Without one, no gate takes a version for free of drift.</summary>
/// <returns>The ids of the alerts; none: it is watched and there are none; null: this source does not watch it.</returns>
internal delegate Task<IReadOnlyList<string>?> OpenDriftAlerts(RegisteredModel model, int version, CancellationToken ct);
