using System.Collections.Immutable;
using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>Categorical profiles, over the union of categories. As with numbers, a distance counts as drift only where the chi-squared test, or the PSI's own floor, agrees that chance does not make as much.</summary>
internal static class CategoricalComparison
{
    private const string Method = "categories";

    /// <summary>The new categories.</summary>
    public static ImmutableArray<CategoryShare> Compare(MetricList metrics, CategoryPair pair, AnalysisOptions options)
    {
        var (n, m) = (pair.Reference.Sum(), pair.Current.Sum());
        var test = Contingency.TestRegrouped(pair.Reference, pair.Current);
        var doubt = test.P >= options.Alpha ? NumericComparison.Chance : null;
        NumericComparison.AddPsi(metrics, "psi", pair.Reference, pair.Current, Method);
        metrics.Distance("psiFloor95", SamplingFloor.Psi95(pair.Reference.Count(static count => count > 0), n, m), Method);
        NumericComparison.AddShares(metrics, pair.Reference, pair.Current, doubt);
        NumericComparison.AddContingency(metrics, test, Method);
        metrics.Distance("cramersV", test.CramersV, Method, doubt: doubt);
        AddFit(metrics, pair, n, m);
        if (pair.NewShare is { } share)
        {
            metrics.Distance("newCategories", share, Method);
        }
        else
        {
            metrics.Failed("newCategories", MetricStatus.NotComputable, Method, "The reference has more categories than are listed.");
        }
        return pair.New;
    }

    /// <summary>Both sides are one and the same category.</summary>
    public static void Same(MetricList metrics)
    {
        metrics.Test("chi2", 0, 1, "exact");
        foreach (var metric in (string[])["psi", "js", "kl", "hellinger", "linf", "tvd", "cramersV", "newCategories"])
        {
            metrics.Distance(metric, 0, "exact");
        }
    }

    /// <summary>The window's counts against those that the reference's shares make expected; a new category makes the statistic infinite. For those who know these figures from other tools.</summary>
    private static void AddFit(MetricList metrics, CategoryPair pair, double n, double m)
    {
        double[] expected = [.. pair.Reference.Select(count => count * m / n)];
        var (chi2, g) = (GoodnessOfFit.Pearson(pair.Current, expected), GoodnessOfFit.G(pair.Current, expected));
        metrics.Test("chi2Fit", chi2.Statistic, chi2.P, "goodness-of-fit");
        metrics.Test("gTest", g.Statistic, g.P, "goodness-of-fit");
    }
}
