namespace ServerlessMeta.Monitoring.Performance;

/// <summary>The sums of a confusion matrix by class, which are all that the metrics of classes need.</summary>
internal sealed class ClassTotals(string[] classes)
{
    /// <summary>Beyond this work an interval is not worth it.</summary>
    private const long MostSteps = 4_000_000;

    private readonly long[] actual = new long[classes.Length];
    private readonly long[] predicted = new long[classes.Length];
    private readonly long[] hits = new long[classes.Length];
    private readonly List<(int Actual, int Predicted, long Count)> cells = [];

    public string[] Classes => classes;

    public long Count { get; private set; }

    public long Correct { get; private set; }

    public long Actual(int place) => actual[place];

    public long Predicted(int place) => predicted[place];

    public long Hits(int place) => hits[place];

    public void Add(int one, int other, long count)
    {
        Move(one, other, count);
        cells.Add((one, other, count));
    }

    /// <summary>The mean recall of the classes that occur.</summary>
    public double? BalancedAccuracy()
    {
        var (sum, some) = (0.0, 0);
        for (var i = 0; i < classes.Length; i++)
        {
            if (actual[i] > 0)
            {
                sum += (double)hits[i] / actual[i];
                some++;
            }
        }
        return some == 0 ? null : sum / some;
    }

    /// <summary>The mean over classes; a class that is never predicted counts as 0.</summary>
    public double? MacroPrecision() => Macro(static (hits, _, predicted) => predicted == 0 ? 0 : (double)hits / predicted);

    public double? MacroRecall() => Macro(static (hits, actual, _) => actual == 0 ? 0 : (double)hits / actual);

    public double? MacroF1() => Macro(static (hits, actual, predicted) => 2.0 * hits / (actual + predicted));

    /// <summary>Matthews' correlation (Gorodkin 2004 for many classes); null when labels or predictions are of one class.</summary>
    public double? Mcc()
    {
        var (both, labels, predictions) = Products();
        var n = (double)Count;
        var under = (n * n - predictions) * (n * n - labels);
        return under > 0 ? (Correct * n - both) / Math.Sqrt(under) : null;
    }

    /// <summary>Cohen's kappa; null when chance alone agrees always.</summary>
    public double? Kappa()
    {
        var (both, _, _) = Products();
        var n = (double)Count;
        return n * n - both > 0 ? (Correct * n - both) / (n * n - both) : null;
    }

    /// <summary>The standard error of a metric by leaving out each one row in turn (the jackknife): rows of one cell are alike, so it takes one step a cell. Null where it cannot be told.</summary>
    public double? ErrorOf(Func<ClassTotals, double?> metric)
    {
        if (Count < 2 || (long)cells.Count * classes.Length > MostSteps)
        {
            return null;
        }
        var values = new double[cells.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var (one, other, _) = cells[i];
            Move(one, other, -1);
            var value = metric(this);
            Move(one, other, 1);
            if (value is null)
            {
                return null;
            }
            values[i] = value.Value;
        }
        var mean = cells.Zip(values, static (cell, value) => cell.Count * value).Sum() / Count;
        var scatter = cells.Zip(values, (cell, value) => cell.Count * (value - mean) * (value - mean)).Sum();
        return Math.Sqrt(scatter * (Count - 1) / Count);
    }

    private void Move(int one, int other, long count)
    {
        Count += count;
        actual[one] += count;
        predicted[other] += count;
        if (one == other)
        {
            hits[one] += count;
            Correct += count;
        }
    }

    private double? Macro(Func<long, long, long, double> of)
    {
        var (sum, some) = (0.0, 0);
        for (var i = 0; i < classes.Length; i++)
        {
            if (actual[i] + predicted[i] > 0)
            {
                sum += of(hits[i], actual[i], predicted[i]);
                some++;
            }
        }
        return some == 0 ? null : sum / some;
    }

    private (double Both, double Labels, double Predictions) Products()
    {
        var (both, labels, predictions) = (0.0, 0.0, 0.0);
        for (var i = 0; i < classes.Length; i++)
        {
            both += (double)actual[i] * predicted[i];
            labels += (double)actual[i] * actual[i];
            predictions += (double)predicted[i] * predicted[i];
        }
        return (both, labels, predictions);
    }
}
