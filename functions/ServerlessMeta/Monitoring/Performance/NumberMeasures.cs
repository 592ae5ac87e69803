namespace ServerlessMeta.Monitoring.Performance;

/// <summary>The metrics of labelled numbers: <c>rmse</c>, <c>mae</c>, <c>mape</c> (a share, of labels that are not 0), <c>r2</c> and <c>bias</c> (prediction less label).</summary>
internal static class NumberMeasures
{
    private const string TooLarge = "The numbers are too large to sum.";

    public static IReadOnlyList<Measure> Of(NumberAccumulator rows)
    {
        if (rows.Errors.Count == 0)
        {
            return [];
        }
        var rmse = Rmse(rows);
        return
        [
            rmse,
            Measure.Of("mae", MeasureKind.Cost, rows.Absolute, 0, TooLarge),
            Measure.Of("mape", MeasureKind.Cost, rows.Relative, 0, "All labels are 0."),
            R2(rows),
            Measure.Of("bias", MeasureKind.Bias, rows.Errors, -double.MaxValue, TooLarge) with { Scale = rmse.Value },
        ];
    }

    private static Measure Rmse(NumberAccumulator rows)
    {
        if (rows.Squared.Mean is not { } mean)
        {
            return Measure.Missing("rmse", MeasureKind.Cost, rows.Squared.Count, TooLarge);
        }
        var half = DropTest.Z * rows.Squared.Error;
        return new("rmse", MeasureKind.Cost, "mean-square")
        {
            Value = Math.Sqrt(mean),
            Low = half is { } below ? Math.Sqrt(Math.Max(0, mean - below)) : null,
            High = half is { } above ? Math.Sqrt(mean + above) : null,
            Count = rows.Squared.Count,
            Spread = rows.Squared,
        };
    }

    private static Measure R2(NumberAccumulator rows)
    {
        if (rows.Squared.Mean is not { } mean || rows.Labels.Scatter is not { } scatter)
        {
            return Measure.Missing("r2", MeasureKind.Plain, rows.Squared.Count, TooLarge);
        }
        return Measure.Of("r2", MeasureKind.Plain, "sums", scatter > 0 ? 1 - mean * rows.Squared.Count / scatter : null, null, rows.Squared.Count, (-double.MaxValue, 1), "All labels are equal.");
    }
}
