namespace ServerlessMeta.Models;

/// <summary>Tells in brief what watching a version says of it; registered by whatever watches models. Null: it is not watched.</summary>
internal delegate Task<VersionDrift?> DriftOfVersion(RegisteredModel model, int version, CancellationToken ct);
