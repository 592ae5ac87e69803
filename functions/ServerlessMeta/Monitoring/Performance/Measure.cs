namespace ServerlessMeta.Monitoring.Performance;

/// <summary>A metric of one side, with what a test needs to compare it with the other side's.</summary>
internal sealed record Measure(string Name, MeasureKind Kind, string Method)
{
    /// <summary>Null: see <see cref="Reason"/>.</summary>
    public double? Value { get; init; }

    /// <summary>95 %.</summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>Rows that it is of.</summary>
    public required long Count { get; init; }

    /// <summary>When it is a share of rows.</summary>
    public Share? Share { get; init; }

    /// <summary>When it is a mean of rows, or made of one.</summary>
    public Spread? Spread { get; init; }

    /// <summary>Its standard error.</summary>
    public double? Error { get; init; }

    /// <summary>The usual size of an error, for a bias.</summary>
    public double? Scale { get; init; }

    public string? Reason { get; init; }

    public static Measure Missing(string name, MeasureKind kind, long count, string reason) => new(name, kind, "none") { Count = count, Reason = reason };

    /// <summary>A share of rows, with Wilson's interval.</summary>
    public static Measure Of(string name, long hits, long count, string whenNone)
    {
        if (count == 0)
        {
            return Missing(name, MeasureKind.Share, count, whenNone);
        }
        var share = new Share(hits, count);
        var (low, high) = DropTest.Wilson(share);
        return new(name, MeasureKind.Share, "wilson") { Value = share.Value, Low = low, High = high, Count = count, Share = share };
    }

    /// <summary>A value with its standard error, within what is possible.</summary>
    public static Measure Of(string name, MeasureKind kind, string method, double? value, double? error, long count, (double Least, double Most) range, string whenNone)
    {
        if (value is not { } known || !double.IsFinite(known))
        {
            return Missing(name, kind, count, whenNone);
        }
        var half = error is { } some && double.IsFinite(some) ? DropTest.Z * some : (double?)null;
        return new(name, kind, method)
        {
            Value = known,
            Low = half is null ? null : Math.Clamp(known - half.Value, range.Least, range.Most),
            High = half is null ? null : Math.Clamp(known + half.Value, range.Least, range.Most),
            Count = count,
            Error = half is null ? null : error,
        };
    }

    /// <summary>A mean of rows.</summary>
    public static Measure Of(string name, MeasureKind kind, Spread spread, double least, string whenNone)
    {
        var reason = spread.Count == 0 ? whenNone : "The numbers are too large to sum.";
        return Of(name, kind, "mean", spread.Mean, spread.Error, spread.Count, (least, double.MaxValue), reason) with { Spread = spread };
    }
}
