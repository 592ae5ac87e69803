namespace ServerlessMeta.Monitoring;

/// <summary>Whether a metric could be computed; its value is null unless <see cref="Ok"/> or <see cref="ConstantBoth"/>.</summary>
public enum MetricStatus
{
    Ok,

    /// <summary>The column, or the whole baseline, is not there to compare with.</summary>
    NoReference,

    /// <summary>The window has no values of it.</summary>
    EmptyWindow,

    /// <summary>Fewer values than asked for.</summary>
    TooFewSamples,

    /// <summary>Both sides are the same constant: no drift, exactly.</summary>
    ConstantBoth,

    /// <summary>Numbers on one side, words on the other: drift, decided by <c>type</c>.</summary>
    TypeMismatch,

    /// <summary>For a reason that is given.</summary>
    NotComputable,
}
