using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>EDDM (Baena-Garcia and others 2006): the distance between errors against its widest so far. 1 is an error. It fires easily at its own defaults; .8 and .75 are calmer.</summary>
internal sealed class Eddm : Detector
{
    public const string Name = "eddm";

    public int WarmStart { get; init; } = 30;

    /// <summary>Warning, below this share of the widest.</summary>
    public double Alpha { get; init; } = 0.95;

    /// <summary>Drift, below this share of the widest.</summary>
    public double Beta { get; init; } = 0.9;

    [JsonInclude]
    public long Count { get; internal set; }

    [JsonInclude]
    public long Errors { get; internal set; }

    /// <summary>Which number was the last error.</summary>
    [JsonInclude]
    public long LastError { get; internal set; }

    [JsonInclude]
    public double Mean { get; internal set; }

    /// <summary>The sum of squared differences from the mean distance.</summary>
    [JsonInclude]
    public double Scatter { get; internal set; }

    /// <summary>The widest mean plus two deviations so far.</summary>
    [JsonInclude]
    public double Widest { get; internal set; }

    protected override void Reset() => (Count, Errors, LastError, Mean, Scatter, Widest) = (0, 0, 0, 0, 0, 0);

    protected override void Process(double x)
    {
        Count++;
        if (x <= 0)
        {
            return;
        }
        var distance = Count - LastError;
        (LastError, Errors) = (Count, Errors + 1);
        var before = Mean;
        Mean += (distance - Mean) / Errors;
        Scatter += (distance - before) * (distance - Mean);
        if (Count <= WarmStart)
        {
            return;
        }
        var width = Mean + 2 * (Errors > 1 ? Math.Sqrt(Scatter / (Errors - 1)) : 0);
        if (width > Widest)
        {
            Widest = width;
        }
        else if (Errors > WarmStart)
        {
            var share = width / Widest;
            IsDrift = share < Beta;
            IsWarning = !IsDrift && share < Alpha;
        }
    }
}
