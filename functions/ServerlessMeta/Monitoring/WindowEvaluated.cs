namespace ServerlessMeta.Monitoring;

/// <summary>Told of each result that was stored; done again after a crash, so it must be idempotent by target, window and revision. The window counts as changed until it returns.</summary>
internal delegate Task WindowEvaluated(MonitorTarget target, WindowResult result, CancellationToken ct);
