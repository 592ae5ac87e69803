namespace ServerlessMeta.Monitoring.Statistics;

/// <param name="U">Pairs in which the reference's value is the greater, ties as halves.</param>
/// <param name="P">Exact where it can be.</param>
/// <param name="AsymptoticP">By the normal law.</param>
/// <param name="Auc">P(window's value &gt; reference's), ties as halves.</param>
internal readonly record struct MannWhitneyResult(double U, double P, double AsymptoticP, double Auc);
