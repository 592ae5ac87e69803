namespace ServerlessMeta.RunWatch;

/// <summary>What may look wrong in a series. The numbers are stored.</summary>
internal enum AnomalyKind
{
    /// <summary>A value is not finite.</summary>
    Nan,

    /// <summary>A value stands far out of those before it.</summary>
    Spike,

    /// <summary>The series has become worse for good.</summary>
    Divergence,

    /// <summary>The series gets no better.</summary>
    Plateau,

    /// <summary>The series gets worse on held-out data while it gets better in training.</summary>
    Overfitting,
}
