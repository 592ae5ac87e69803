using ServerlessMeta.Monitoring.Analysis;
using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// Numeric profiles: distances of the shares on the baseline's edges are exact; of the raw values' D and Wasserstein distance there are certain bounds. A distance counts as drift only where a test agrees
/// that chance does not make as much: chi-squared of the bins, for the Wasserstein distance the D, for the PSI its own floor.
/// </summary>
internal static class NumericComparison
{
    /// <summary>Distances normed by a deviation of 0 are cut here.</summary>
    public const double Cap = 1e6;

    private const int Deciles = 10;

    /// <summary>Bins must be expected to hold that much on the smaller side to be tested each.</summary>
    private const double ExpectedPerBin = 5;

    public const string Chance = "notSignificant";
    private const string Profile = "profile";

    public static void Compare(MetricList metrics, ColumnProfile reference, ColumnProfile current, AnalysisOptions options)
    {
        var deviation = Math.Sqrt(reference.Moments.Variance);
        var hasMoments = reference.Moments.Count > 0 && current.Moments.Count > 0;
        var isPair = reference.Min is { } x && reference.Min == reference.Max && current.Min is { } y && current.Min == current.Max && x != y;
        if ((isPair ? BinPair.OfConstants(reference.Min!.Value, reference.Present, current.Min!.Value, current.Present) : BinPair.Of(reference, current)) is { } pair)
        {
            var doubt = CompareKolmogorovSmirnov(metrics, pair, options);
            CompareWasserstein(metrics, pair, hasMoments ? deviation : null, hasMoments ? current.Moments.Mean - reference.Moments.Mean : 0, doubt);
            CompareBins(metrics, pair, options);
            metrics.Distance("outOfRange", (pair.Current[0] + pair.Current[^1]) / pair.CurrentTotal, Profile);
        }
        else
        {
            foreach (var metric in (string[])["ks", "wasserstein", "psi", "js", "hellinger"])
            {
                metrics.Failed(metric, MetricStatus.NotComputable, Profile, "A profile has no counts on the baseline's edges.");
            }
        }
        if (hasMoments)
        {
            CompareMoments(metrics, reference.Moments, current.Moments, deviation);
        }
    }

    /// <summary>Both sides are the same number throughout.</summary>
    public static void Same(MetricList metrics)
    {
        metrics.Test("ks", 0, 1, "exact", 0, 0);
        foreach (var metric in (string[])["wasserstein", "wassersteinRaw", "psi", "psiBins", "js", "kl", "hellinger", "linf", "tvd", "outOfRange", "meanShift"])
        {
            metrics.Distance(metric, 0, "exact");
        }
    }

    /// <summary>A flag if the D is certainly no more than chance makes.</summary>
    private static string? CompareKolmogorovSmirnov(MetricList metrics, BinPair pair, AnalysisOptions options)
    {
        var (n, m) = (pair.ReferenceTotal, pair.CurrentTotal);
        var (low, high) = ProfileBounds.KolmogorovSmirnov(pair);
        var (p, pLow) = (KolmogorovSmirnov.ApproximateP(n, m, low), KolmogorovSmirnov.ApproximateP(n, m, high));
        metrics.Test("ks", low, p, Profile, low, high, pLow);
        metrics.Distance("ksRobust", SamplingFloor.RobustLInfinity(low, n, m), Profile);
        return pLow >= options.Alpha ? Chance : null;
    }

    private static void CompareWasserstein(MetricList metrics, BinPair pair, double? deviation, double meanDifference, string? doubt)
    {
        var bounds = ProfileBounds.Wasserstein(pair, meanDifference);
        metrics.Distance("wassersteinRaw", bounds.Estimate, Profile, bounds.Low, bounds.High);
        if (deviation is { } norm)
        {
            AddWasserstein(metrics, Profile, bounds.Estimate, bounds.Low, bounds.High, norm, doubt);
        }
        else
        {
            metrics.Failed("wasserstein", MetricStatus.NotComputable, Profile, "A profile has no moments to norm by.");
        }
    }

    /// <summary>Normed by the reference's deviation.</summary>
    public static void AddWasserstein(MetricList metrics, string method, double distance, double? low, double? high, double deviation, string? doubt)
    {
        if (!double.IsFinite(deviation))
        {
            metrics.Failed("wasserstein", MetricStatus.NotComputable, method, "The reference's deviation is infinite.", "infinite");
            return;
        }
        var value = Wasserstein.Norm(distance, deviation);
        metrics.Distance(
            "wasserstein", Math.Min(value, Cap), method, Capped(low, deviation), Capped(high, deviation), doubt, null,
            [.. deviation == 0 ? ["zeroVarianceReference"] : (string[])[], .. value > Cap ? ["capped"] : (string[])[]]);
    }

    private static double? Capped(double? distance, double deviation) => distance is { } value ? Math.Min(Wasserstein.Norm(value, deviation), Cap) : null;

    private static void CompareBins(MetricList metrics, BinPair pair, AnalysisOptions options)
    {
        var (n, m) = (pair.ReferenceTotal, pair.CurrentTotal);
        var (reference, current) = pair.Group(Deciles);
        var isFine = Math.Min(n, m) >= ExpectedPerBin * pair.Reference.Length;
        var test = isFine ? Contingency.TestRegrouped(pair.Reference, pair.Current) : Contingency.TestRegrouped(reference, current);
        var doubt = test.P >= options.Alpha ? Chance : null;
        AddPsi(metrics, "psi", reference, current, "deciles");
        AddPsi(metrics, "psiBins", pair.Reference, pair.Current, "bins");
        metrics.Distance("psiFloor95", SamplingFloor.Psi95(reference.Count(static count => count > 0), n, m), "deciles");
        AddShares(metrics, pair.Reference, pair.Current, doubt);
        AddContingency(metrics, test, isFine ? "bins" : "deciles");
    }

    public static void AddPsi(MetricList metrics, string metric, double[] reference, double[] current, string method)
    {
        var psi = Divergences.Psi(ZeroFill.Laplace(reference, ZeroFill.ProfileWeight), ZeroFill.Laplace(current, ZeroFill.ProfileWeight));
        var floor = SamplingFloor.Psi95(reference.Count(static count => count > 0), reference.Sum(), current.Sum());
        metrics.Distance(
            metric, psi, method + "-laplace", doubt: psi < floor ? "belowFloor" : null,
            flags: psi < floor || psi < MetricDefaults.Moderate ? [] : psi < MetricDefaults.Major ? ["moderate"] : ["major"]);
    }

    /// <summary>Distances of shares that take zeros as they are, and KL with half an event more in each bin.</summary>
    public static void AddShares(MetricList metrics, double[] reference, double[] current, string? doubt)
    {
        var (p, q) = (Histogram.Shares(reference, reference.Sum()), Histogram.Shares(current, current.Sum()));
        metrics.Distance("js", Divergences.JensenShannonDistance(p, q), "base2-distance", doubt: doubt);
        metrics.Distance("kl", Divergences.KullbackLeibler(ZeroFill.Laplace(reference, ZeroFill.ProfileWeight), ZeroFill.Laplace(current, ZeroFill.ProfileWeight)), "nats-laplace", doubt: doubt);
        metrics.Distance("hellinger", Divergences.Hellinger(p, q), Profile, doubt: doubt);
        metrics.Distance("linf", Divergences.LInfinity(p, q), Profile, doubt: doubt);
        metrics.Distance("tvd", Divergences.TotalVariation(p, q), Profile, doubt: doubt);
    }

    public static void AddContingency(MetricList metrics, ContingencyResult test, string method) =>
        metrics.Test("chi2", test.Statistic, test.P, test.IsFisher ? "fisher" : method, flags: test.IsRegrouped ? ["regrouped"] : []);

    private static void CompareMoments(MetricList metrics, Moments reference, Moments current, double deviation)
    {
        var difference = current.Mean - reference.Mean;
        if (!double.IsFinite(difference) || !double.IsFinite(deviation) || !double.IsFinite(current.Variance))
        {
            metrics.Failed("meanShift", MetricStatus.NotComputable, "deviations", "A deviation is infinite.", "infinite");
            return;
        }
        var welch = reference.Count < 2 || current.Count < 2 ? null
            : StudentTest.Welch(reference.Count, reference.Mean, reference.M2 / (reference.Count - 1), current.Count, current.Mean, current.M2 / (current.Count - 1));
        string[] flags = deviation == 0 ? ["zeroVarianceReference"] : [];
        var shift = difference / Math.Max(deviation, Wasserstein.LeastDeviation);
        metrics.Distance("meanShift", Math.Clamp(shift, -Cap, Cap), "deviations", p: welch?.P, flags: Math.Abs(shift) > Cap ? [.. flags, "capped"] : [.. flags]);
        metrics.Distance("stdRatio", Math.Min(Math.Sqrt(current.Variance) / Math.Max(deviation, Wasserstein.LeastDeviation), Cap), Profile, flags: [.. flags]);
    }
}
