namespace ServerlessMeta.Monitoring.Performance;

/// <summary>What a threshold makes of labelled scores.</summary>
internal readonly record struct ThresholdCounts(double Threshold, long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives);
