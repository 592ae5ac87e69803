namespace ServerlessMeta.Monitoring.Statistics;

/// <param name="Statistic">In the units of its test.</param>
/// <param name="P">Two-sided, 0 to 1.</param>
internal readonly record struct Significance(double Statistic, double P);
