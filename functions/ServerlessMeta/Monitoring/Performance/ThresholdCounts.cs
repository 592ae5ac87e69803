namespace ServerlessMeta.Monitoring.Performance;

/// <summary>What a threshold makes of labelled scores.</summary>
internal readonly record struct ThresholdCounts(double Threshold, long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    /// <summary>Null without a positive label or prediction.</summary>
    public double? F1 => TruePositives + FalsePositives + FalseNegatives is 0 ? null : 2.0 * TruePositives / (2.0 * TruePositives + FalsePositives + FalseNegatives);
}
