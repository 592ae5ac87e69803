namespace ServerlessMeta.Triggers;

/// <summary>One condition of a rule.</summary>
public sealed record RuleCondition
{
    public const string Verdict = "verdict";

    /// <summary>The baseline of what is watched.</summary>
    public const string Training = "training";

    public required RuleSignal Signal { get; init; }

    /// <summary>
    /// The metric's name. <c>verdict</c>: 1 where what was computed says drift, 0 where it says none. With <c>.p</c> behind it the p-value is looked at, with <c>.change</c> the relative
    /// change from the baseline, with <c>.estimated</c> what was estimated without labels.
    /// </summary>
    public required string Metric { get; init; }

    /// <summary>What windows are compared with: <c>training</c>, or windows before, where the options of what is watched ask for that.</summary>
    public string Baseline { get; init; } = Training;

    /// <summary>Null: the signal needs none.</summary>
    public ColumnChoice? Columns { get; init; }

    public RuleOperator Operator { get; init; } = RuleOperator.AtLeast;

    /// <summary>The threshold; of <see cref="RuleSignal.Staleness"/> in seconds.</summary>
    public double Enter { get; init; }

    /// <summary>The threshold while the rule is firing.</summary>
    public double Exit { get; init; }

    /// <summary>With fewer values than this nothing is said.</summary>
    public long MinN { get; init; }

    /// <summary>The least effect that matters, beside the threshold.</summary>
    public double? MinEffect { get; init; }

    /// <summary>The level that the p-value must be below, beside the threshold.</summary>
    public double? Alpha { get; init; }

    /// <summary>Of a schedule: five fields.</summary>
    public string? Cron { get; init; }

    /// <summary>Of a schedule; null: UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Whether it looks at windows; the others look at the clock, at what was counted or at runs.</summary>
    public bool IsOfWindows => Signal is RuleSignal.DataDrift or RuleSignal.PredictionDrift or RuleSignal.ConceptDrift or RuleSignal.Performance or RuleSignal.Missing or RuleSignal.Detector;
}
