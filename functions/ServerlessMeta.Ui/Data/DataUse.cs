using ServerlessMeta.ArtifactVersions;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Ui.Data;

/// <param name="Use">Which run made or used the version, and for what.</param>
/// <param name="Name">What people call the run.</param>
/// <param name="Status">How far the run is.</param>
public sealed record DataUse(VersionUse Use, string Name, RunStatus? Status);
