using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring.Statistics;

/// <summary>
/// What raw values add to a profile: tests of ranks, the energy distance. If the values are all that there are (not drawn from more), D and the Wasserstein distance are exact and replace the bounds,
/// and the figures of other tools' bins are given, without a verdict, for comparison.
/// </summary>
internal static class SampleComparison
{
    public static void Compare(MetricList metrics, double[] reference, double[] current, bool isWhole, AnalysisOptions options)
    {
        var method = isWhole ? "exact" : "sample";
        var pooled = PooledSamples.Of(reference, current);
        if (isWhole)
        {
            var ks = KolmogorovSmirnov.Compare(pooled);
            var distance = Wasserstein.Distance(pooled);
            metrics.Test("ks", ks.Statistic, ks.P, method);
            metrics.Distance("wassersteinRaw", distance, method);
            NumericComparison.AddWasserstein(metrics, method, distance, null, null, Deviation(reference), ks.P >= options.Alpha ? NumericComparison.Chance : null);
            AddTools(metrics, reference, current);
        }
        metrics.Distance("energy", EnergyDistance.Distance(pooled), method);
        var ranks = MannWhitney.Compare(pooled);
        metrics.Test("mannWhitney", ranks.Auc, ranks.P, method + "-auc");
        if (AndersonDarling.Compare(pooled) is { } ad)
        {
            metrics.Test("andersonDarling", ad.Statistic, ad.P, method, flags: ad.P is AndersonDarling.LeastP or AndersonDarling.MostP ? ["capped"] : []);
        }
        if (CramerVonMises.Compare(pooled) is { } cvm)
        {
            metrics.Test("cramerVonMises", cvm.Statistic, cvm.P, method);
        }
    }

    private static void AddTools(MetricList metrics, double[] reference, double[] current)
    {
        var evidently = ToolBinning.Evidently(reference, current);
        var (p, q) = (evidently.ReferenceShares, evidently.CurrentShares);
        var hellinger = ToolBinning.EvidentlyHellinger(reference, current);
        var nannyml = ToolBinning.Nannyml(reference, current);
        var azure = ToolBinning.AzureMl(reference, current);
        metrics.Distance("psiEvidently", Divergences.Psi(ZeroFill.Evidently(p), ZeroFill.Evidently(q)), "evidently");
        metrics.Distance("klEvidently", Divergences.KullbackLeibler(ZeroFill.Evidently(p), ZeroFill.Evidently(q)), "evidently");
        metrics.Distance("jsEvidently", Math.Sqrt(Divergences.JensenShannon(p, q)), "evidently-nats-distance");
        metrics.Distance("hellingerEvidently", Divergences.Hellinger(hellinger.ReferenceShares, hellinger.CurrentShares), "evidently");
        metrics.Distance("jsNannyml", Divergences.JensenShannonDistance(nannyml.ReferenceShares, nannyml.CurrentShares), "nannyml-base2-distance");
        metrics.Distance("hellingerNannyml", Divergences.Hellinger(nannyml.ReferenceShares, nannyml.CurrentShares), "nannyml");
        metrics.Distance("psiAzureml", Divergences.Psi(ZeroFill.Laplace(azure.Reference, 1), ZeroFill.Laplace(azure.Current, 1)), "azureml");
        metrics.Distance("jsAzureml", Divergences.JensenShannonDistance(azure.ReferenceShares, azure.CurrentShares), "azureml-base2-distance");
    }

    /// <summary>With the divisor n.</summary>
    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return values.Min() == values.Max() ? 0 : Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
