namespace ServerlessMeta.RunWatch;

/// <summary>What the watch remembers of a series, in single precision. Values are turned so that less is better.</summary>
internal sealed class SeriesMemory
{
    public bool IsBegun { get; set; }

    /// <summary>The highest step seen, and the timestamp of its point.</summary>
    public long Step { get; set; }

    public long Timestamp { get; set; }

    /// <summary>How many finite values were seen.</summary>
    public int Count { get; set; }

    /// <summary>The exponential mean (0.3).</summary>
    public float Smoothed { get; set; }

    /// <summary>Which kinds of anomalies are there just now, a bit each.</summary>
    public byte Present { get; set; }

    /// <summary>How often each kind began.</summary>
    public int[] Episodes { get; } = new int[AnomalyKinds.Count];

    public SeriesWindow Window { get; } = new();

    public SpikeDetector Spike;

    public DivergenceDetector Divergence;

    public PlateauDetector Plateau = PlateauDetector.New;

    public OverfittingDetector Overfitting = OverfittingDetector.New;
}
