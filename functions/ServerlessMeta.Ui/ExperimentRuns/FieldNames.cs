using System.Collections.Immutable;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>What a filter over the experiment's runs may name, for completion and choices.</summary>
/// <param name="Attributes">Each with whether it is a number.</param>
/// <param name="Fields">Metrics, params and tags as a query names them, those of more runs first.</param>
/// <param name="Statuses">What the attribute status may be.</param>
public sealed record FieldNames(ImmutableArray<FieldNames.Attribute> Attributes, ImmutableArray<string> Fields, ImmutableArray<string> Statuses)
{
    /// <param name="Name">As a query writes it.</param>
    /// <param name="IsNumber">Whether it compares as a number.</param>
    public sealed record Attribute(string Name, bool IsNumber);
}
