namespace ServerlessMeta.Triggers;

/// <summary>What a condition looks at.</summary>
public enum RuleSignal
{
    /// <summary>The features of a window.</summary>
    DataDrift,

    /// <summary>Predictions and scores of a window.</summary>
    PredictionDrift,

    /// <summary>The relation of features and labels: alarms of detectors, or how far performance is from its estimate without labels.</summary>
    ConceptDrift,

    /// <summary>Performance of a window by its labels.</summary>
    Performance,

    /// <summary>Missing values of a window.</summary>
    Missing,

    /// <summary>Alarms of one detector.</summary>
    Detector,

    /// <summary>Labelled rows since the version was registered.</summary>
    NewData,

    /// <summary>The age of the version.</summary>
    Staleness,

    /// <summary>Moments of a calendar.</summary>
    Schedule,

    /// <summary>Anomalies of training runs.</summary>
    RunAnomaly,
}
