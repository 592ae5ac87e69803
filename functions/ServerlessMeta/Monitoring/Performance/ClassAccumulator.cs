namespace ServerlessMeta.Monitoring.Performance;

/// <summary>What labelled predictions of classes add up to; parts merge in any order to the same bits.</summary>
internal sealed class ClassAccumulator(PredictionSchema schema)
{
    /// <summary>Scores are kept this far from 0 and 1 for the logarithmic loss.</summary>
    private const double Clip = 1e-15;

    private readonly ClassWords words = new(schema);
    private readonly List<(double Score, bool IsPositive)> scored = [];

    public string Positive => words.Positive;

    public ConfusionMatrix Matrix { get; } = new();

    public ScoreHistogram Histogram { get; } = new();

    public CalibrationBins Calibration { get; } = new();

    public Spread LogLoss { get; } = new();

    public Spread Brier { get; } = new();

    /// <summary>Rows with neither a class nor a score.</summary>
    public long Unread { get; private set; }

    /// <summary>Scores that are no probabilities: they have an order, and nothing else.</summary>
    public long OutOfRange { get; private set; }

    /// <summary>Adds one, if it has a label.</summary>
    public void Add(JoinedPrediction one)
    {
        if (words.Pair(one) is not { } classes)
        {
            Unread += one.Label is null ? 0 : 1;
            return;
        }
        Matrix.Add(classes.Actual, classes.Predicted);
        if (schema.Task is not ModelTask.Binary || one.Score is not { } score || !double.IsFinite(score))
        {
            return;
        }
        var isPositive = classes.Actual == words.Positive;
        scored.Add((score, isPositive));
        if (score is < 0 or > 1)
        {
            OutOfRange++;
            return;
        }
        Histogram.Add(score, isPositive);
        Calibration.Add(score, isPositive);
        var clipped = Math.Clamp(score, Clip, 1 - Clip);
        LogLoss.Add(-Math.Log(isPositive ? clipped : 1 - clipped));
        Brier.Add(SquaredLoss(score, isPositive));
    }

    public void Merge(ClassAccumulator other)
    {
        Matrix.Merge(other.Matrix);
        Histogram.Merge(other.Histogram);
        Calibration.Merge(other.Calibration);
        LogLoss.Merge(other.LogLoss);
        Brier.Merge(other.Brier);
        Unread += other.Unread;
        OutOfRange += other.OutOfRange;
        scored.AddRange(other.scored.ToArray());
    }

    /// <summary>All scores with labels, the highest first.</summary>
    public IReadOnlyList<(double Score, bool IsPositive)> Ranked()
    {
        (double Score, bool IsPositive)[] ranked = [.. scored];
        Array.Sort(ranked, static (one, other) => other.Score.CompareTo(one.Score));
        return ranked;
    }

    public static double SquaredLoss(double score, bool isPositive) => (score - (isPositive ? 1 : 0)) * (score - (isPositive ? 1 : 0));
}
