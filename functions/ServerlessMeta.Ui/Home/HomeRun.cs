using ServerlessMeta.Runs;

namespace ServerlessMeta.Ui.Home;

/// <param name="Run">The run.</param>
/// <param name="Experiment">The name of its experiment.</param>
/// <param name="Latest">A metric of it, as it was last logged; null: it has none.</param>
public sealed record HomeRun(RunInfo Run, string Experiment, (string Name, double Value, long Step)? Latest);
