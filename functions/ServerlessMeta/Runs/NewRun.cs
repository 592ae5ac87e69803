using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

/// <summary>What a caller says of a new run.</summary>
public sealed record NewRun(ExperimentId Experiment, string Name, string UserId, DateTimeOffset StartedAt, ImmutableArray<Tag> Tags);
