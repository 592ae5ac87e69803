using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>DDM (Gama and others 2004): the error rate against its lowest so far. 1 is an error.</summary>
internal sealed class Ddm : Detector
{
    public const string Name = "ddm";

    /// <summary>Of one that waits for some errors first.</summary>
    public const string GuardedName = "ddm_guarded";

    public int WarmStart { get; init; } = 30;

    public double WarningLevel { get; init; } = 2;

    public double DriftLevel { get; init; } = 3;

    /// <summary>Errors that must be seen first. Without any, the first error after an error-free start is drift; 0 is what others do.</summary>
    public int MinErrors { get; init; }

    [JsonInclude]
    public long Count { get; internal set; }

    [JsonInclude]
    public long Errors { get; internal set; }

    [JsonInclude]
    public double Rate { get; internal set; }

    /// <summary>The rate and its deviation when their sum was lowest; null before.</summary>
    [JsonInclude]
    public double? LowestRate { get; internal set; }

    [JsonInclude]
    public double? LowestDeviation { get; internal set; }

    protected override void Reset() => (Count, Errors, Rate, LowestRate, LowestDeviation) = (0, 0, 0, null, null);

    protected override void Process(double x)
    {
        Count++;
        Errors += x > 0 ? 1 : 0;
        Rate += (x - Rate) / Count;
        if (Count <= WarmStart)
        {
            return;
        }
        var deviation = Math.Sqrt(Math.Max(0, Rate * (1 - Rate)) / Count);
        if (LowestRate is null || Rate + deviation <= LowestRate + LowestDeviation)
        {
            (LowestRate, LowestDeviation) = (Rate, deviation);
        }
        var isSure = Errors >= MinErrors;
        IsDrift = isSure && Rate + deviation > LowestRate + DriftLevel * LowestDeviation;
        IsWarning = isSure && !IsDrift && Rate + deviation > LowestRate + WarningLevel * LowestDeviation;
    }
}
