using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>The Page-Hinkley test: sums of differences from the running mean against their lowest and highest. The threshold is in units of the numbers: feed them divided by their usual size.</summary>
internal sealed class PageHinkley : Detector
{
    public const string Name = "page_hinkley";

    public int MinCount { get; init; } = 30;

    public double Delta { get; init; } = 0.005;

    public double Threshold { get; init; } = 50;

    public double Alpha { get; init; } = 0.9999;

    /// <summary>A rise is drift.</summary>
    public bool HearsRise { get; init; } = true;

    /// <summary>A fall is drift.</summary>
    public bool HearsFall { get; init; } = true;

    [JsonInclude]
    public long Count { get; internal set; }

    [JsonInclude]
    public double Mean { get; internal set; }

    [JsonInclude]
    public double Rise { get; internal set; }

    [JsonInclude]
    public double Fall { get; internal set; }

    /// <summary>Null before the first number.</summary>
    [JsonInclude]
    public double? LowestRise { get; internal set; }

    /// <summary>It starts at -1, as others have it.</summary>
    [JsonInclude]
    public double HighestFall { get; internal set; } = -1;

    protected override void Reset() => (Count, Mean, Rise, Fall, LowestRise, HighestFall) = (0, 0, 0, 0, null, -1);

    protected override void Process(double x)
    {
        Count++;
        Mean += (x - Mean) / Count;
        Rise = Alpha * Rise + (x - Mean) - Delta;
        Fall = Alpha * Fall + (x - Mean) + Delta;
        LowestRise = Math.Min(LowestRise ?? Rise, Rise);
        HighestFall = Math.Max(HighestFall, Fall);
        IsDrift = Count >= MinCount && (HearsRise && Rise - LowestRise > Threshold || HearsFall && HighestFall - Fall > Threshold);
    }
}
