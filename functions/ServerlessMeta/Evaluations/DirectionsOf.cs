using ServerlessMeta.Models;

namespace ServerlessMeta.Evaluations;

/// <summary>What a model's policy says of its metrics: whether more is better.</summary>
internal delegate Task<MetricDirections> DirectionsOf(RegisteredModel model, CancellationToken ct);
