using ServerlessMeta.Models;

namespace ServerlessMeta.Ui.Models;

/// <summary>A model in the registry's list.</summary>
/// <param name="Model">As it is, or was.</param>
/// <param name="InUse">The version that its readers use, as far as aliases and stages tell; null: none.</param>
/// <param name="Drift">What watching that version says; null: it is not watched, or it was not asked.</param>
public sealed record ModelLine(RegisteredModel Model, int? InUse, VersionDrift? Drift);
