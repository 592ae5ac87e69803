namespace ServerlessMeta.Triggers;

/// <summary>What a rule watches.</summary>
public abstract record RuleTarget
{
    /// <summary>A version of a registered model.</summary>
    /// <param name="Name">The model's name when the rule was set; the rule follows the model when it is renamed.</param>
    /// <param name="Version">A number; null: by the alias.</param>
    /// <param name="Alias">The alias whose holder is watched; null without a number: the champion, which is the holder of <c>champion</c>, or else the newest version in Production, or else the newest.</param>
    /// <param name="Experiment">Where runs that retrain it are logged; null: where the version's own run was.</param>
    public sealed record OfModel(string Name, int? Version, string? Alias, string? Experiment) : RuleTarget;

    /// <summary>A monitor without a model.</summary>
    public sealed record OfMonitor(string Name, string? Experiment) : RuleTarget;

    /// <summary>The runs of an experiment.</summary>
    public sealed record OfExperiment(string Id) : RuleTarget;
}
