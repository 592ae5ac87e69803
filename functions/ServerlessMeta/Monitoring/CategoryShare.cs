namespace ServerlessMeta.Monitoring;

/// <param name="Count">How often the window has it.</param>
/// <param name="Share">Of the window's values that are not missing, 0 to 1.</param>
public sealed record CategoryShare(string Category, long Count, double Share);
