namespace ServerlessMeta.Evaluations;

/// <summary>How a metric of one version stands to that of another.</summary>
public enum MetricOutcome
{
    /// <summary>Equal values.</summary>
    Same,

    Better,

    Worse,

    /// <summary>They differ, and nobody said whether more is better.</summary>
    Changed,

    /// <summary>They were measured on different contents of the dataset, so that the values say nothing of the versions.</summary>
    OtherData,

    /// <summary>One of the two was not measured.</summary>
    Missing,
}
