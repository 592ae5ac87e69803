using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>HDDM_W (Frias-Blanco and others 2015): weighted means before and since the lowest point, by McDiarmid's bound. Numbers from 0 to 1; 1 is an error.</summary>
internal sealed class HddmW : Detector
{
    public const string Name = "hddm_w";

    public double DriftConfidence { get; init; } = 0.001;

    public double WarningConfidence { get; init; } = 0.005;

    public double Lambda { get; init; } = 0.05;

    /// <summary>A fall of the mean is drift too.</summary>
    public bool IsTwoSided { get; init; }

    [JsonInclude]
    public WeightedMean All { get; internal set; }

    /// <summary>The lowest upper bound so far; null before.</summary>
    [JsonInclude]
    public double? LowCut { get; internal set; }

    [JsonInclude]
    public WeightedMean BeforeRise { get; internal set; }

    [JsonInclude]
    public WeightedMean SinceRise { get; internal set; }

    /// <summary>The highest lower bound so far; null before.</summary>
    [JsonInclude]
    public double? HighCut { get; internal set; }

    [JsonInclude]
    public WeightedMean BeforeFall { get; internal set; }

    [JsonInclude]
    public WeightedMean SinceFall { get; internal set; }

    protected override void Reset()
    {
        (All, LowCut, BeforeRise, SinceRise) = (default, null, default, default);
        (HighCut, BeforeFall, SinceFall) = (null, default, default);
    }

    protected override void Process(double x)
    {
        All = All.Next(x, Lambda);
        var bound = McDiarmid(All.Bound, DriftConfidence);
        if (LowCut is null || All.Mean + bound < LowCut)
        {
            (LowCut, BeforeRise, SinceRise) = (All.Mean + bound, All, default);
        }
        else
        {
            SinceRise = SinceRise.Next(x, Lambda);
        }
        if (HighCut is null || All.Mean - bound > HighCut)
        {
            (HighCut, BeforeFall, SinceFall) = (All.Mean - bound, All, default);
        }
        else
        {
            SinceFall = SinceFall.Next(x, Lambda);
        }
        IsDrift = HasRisen(BeforeRise, SinceRise, DriftConfidence) || IsTwoSided && HasRisen(SinceFall, BeforeFall, DriftConfidence);
        IsWarning = !IsDrift && (HasRisen(BeforeRise, SinceRise, WarningConfidence) || IsTwoSided && HasRisen(SinceFall, BeforeFall, WarningConfidence));
    }

    private static double McDiarmid(double sum, double confidence) => Math.Sqrt(sum * Math.Log(1 / confidence) / 2);

    private static bool HasRisen(WeightedMean low, WeightedMean high, double confidence) =>
        low.IsStarted && high.IsStarted && high.Mean - low.Mean > McDiarmid(low.Bound + high.Bound, confidence);
}
