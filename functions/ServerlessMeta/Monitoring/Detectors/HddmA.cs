using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>HDDM_A (Frias-Blanco and others 2015): the mean against its lowest so far by Hoeffding's bound. Numbers from 0 to 1; 1 is an error.</summary>
internal sealed class HddmA : Detector
{
    public const string Name = "hddm_a";

    public double DriftConfidence { get; init; } = 0.001;

    public double WarningConfidence { get; init; } = 0.005;

    /// <summary>A fall of the mean is drift too.</summary>
    public bool IsTwoSided { get; init; }

    [JsonInclude]
    public long Count { get; internal set; }

    [JsonInclude]
    public double Mean { get; internal set; }

    [JsonInclude]
    public long LowCount { get; internal set; }

    [JsonInclude]
    public double LowMean { get; internal set; }

    [JsonInclude]
    public long HighCount { get; internal set; }

    [JsonInclude]
    public double HighMean { get; internal set; }

    protected override void Reset() => (Count, Mean, LowCount, LowMean, HighCount, HighMean) = (0, 0, 0, 0, 0, 0);

    protected override void Process(double x)
    {
        Count++;
        Mean += (x - Mean) / Count;
        var bound = Hoeffding(Count);
        if (LowCount == 0 || LowMean + Hoeffding(LowCount) >= Mean + bound)
        {
            (LowCount, LowMean) = (Count, Mean);
        }
        if (HighCount == 0 || HighMean - Hoeffding(HighCount) <= Mean - bound)
        {
            (HighCount, HighMean) = (Count, Mean);
        }
        IsDrift = HasRisen(DriftConfidence) || IsTwoSided && HasFallen(DriftConfidence);
        IsWarning = !IsDrift && (HasRisen(WarningConfidence) || IsTwoSided && HasFallen(WarningConfidence));
    }

    private double Hoeffding(long count) => Math.Sqrt(Math.Log(1 / DriftConfidence) / (2.0 * count));

    private bool HasRisen(double confidence) => LowCount != Count && Mean - LowMean >= Bound(LowCount, confidence);

    private bool HasFallen(double confidence) => HighCount != Count && HighMean - Mean >= Bound(HighCount, confidence);

    private double Bound(long before, double confidence) => Math.Sqrt((double)(Count - before) / before / Count / 2 * Math.Log(2 / confidence));
}
