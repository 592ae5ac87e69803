using ServerlessMeta.Platform;

namespace ServerlessMeta.Search;

/// <summary>What an order of an experiment's runs depends on, beside the runs.</summary>
internal sealed record RankedKey(string Query, RunWords Words, StageFilter Stages, LifecycleStage Experiment, int Epoch);
