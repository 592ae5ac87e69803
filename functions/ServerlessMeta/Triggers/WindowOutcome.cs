namespace ServerlessMeta.Triggers;

/// <summary>What became of a window in a rule.</summary>
internal enum WindowOutcome
{
    /// <summary>Nothing was known of it, or too little.</summary>
    Skipped,
    Counted,

    /// <summary>It was among the first of a new version.</summary>
    Grace,

    /// <summary>It came when as many later ones had been counted.</summary>
    Late,
}
