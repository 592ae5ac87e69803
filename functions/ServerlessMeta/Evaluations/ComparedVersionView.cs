namespace ServerlessMeta.Evaluations;

public sealed record ComparedVersionView(string Model, int Version);
