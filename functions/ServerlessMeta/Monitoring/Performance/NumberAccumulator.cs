using System.Globalization;

namespace ServerlessMeta.Monitoring.Performance;

/// <summary>What labelled predictions of numbers add up to; parts merge in any order to the same bits.</summary>
internal sealed class NumberAccumulator
{
    /// <summary>Prediction less label.</summary>
    public Spread Errors { get; } = new();

    public Spread Absolute { get; } = new();

    public Spread Squared { get; } = new();

    /// <summary>Absolute errors by the label's size; labels of 0 have none.</summary>
    public Spread Relative { get; } = new();

    public Spread Labels { get; } = new();

    /// <summary>Rows whose label or prediction is no finite number.</summary>
    public long Unread { get; private set; }

    /// <summary>Adds one, if it has a label.</summary>
    public void Add(JoinedPrediction one)
    {
        if (one.Label is null)
        {
            return;
        }
        if (Number(one.Label) is not { } label || Number(one.Prediction) is not { } prediction)
        {
            Unread++;
            return;
        }
        var error = prediction - label;
        Errors.Add(error);
        Absolute.Add(Math.Abs(error));
        Squared.Add(error * error);
        Labels.Add(label);
        if (label != 0)
        {
            Relative.Add(Math.Abs(error / label));
        }
    }

    public void Merge(NumberAccumulator other)
    {
        Errors.Merge(other.Errors);
        Absolute.Merge(other.Absolute);
        Squared.Merge(other.Squared);
        Relative.Merge(other.Relative);
        Labels.Merge(other.Labels);
        Unread += other.Unread;
    }

    /// <summary>Null for what is no finite number.</summary>
    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
