namespace ServerlessMeta.Monitoring.Statistics;

/// <param name="Statistic">Chi-squared, with Yates's correction at one degree of freedom.</param>
/// <param name="CramersV">Strength of the difference, 0 to 1, of the counts as given and without the correction.</param>
/// <param name="IsRegrouped">Rare categories were put together for the test.</param>
/// <param name="IsFisher">Two rare categories: the p-value is that of Fisher's exact test.</param>
internal readonly record struct ContingencyResult(double Statistic, double P, int Dof, double CramersV, bool IsRegrouped, bool IsFisher);
