namespace ServerlessMeta.Monitoring.Statistics;

/// <param name="Estimate">By straight lines.</param>
/// <param name="Error">How far the estimate is off at most.</param>
/// <param name="Low">The distance is certainly not less.</param>
/// <param name="High">Nor more.</param>
internal readonly record struct WassersteinBounds(double Estimate, double Error, double Low, double High);
