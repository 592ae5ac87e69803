namespace ServerlessMeta.Monitoring.Performance;

/// <summary>How a metric gets worse, and what of that matters.</summary>
internal enum MeasureKind
{
    /// <summary>For showing; it is not judged.</summary>
    Plain,

    /// <summary>Less is worse; the loss counts as it is.</summary>
    Share,

    /// <summary>More is worse; the growth counts as a part of what it was.</summary>
    Cost,

    /// <summary>Farther from 0 is worse; counted in parts of <see cref="Measure.Scale"/>.</summary>
    Bias,
}
