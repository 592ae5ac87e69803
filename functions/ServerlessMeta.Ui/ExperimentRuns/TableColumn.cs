using ServerlessMeta.Search;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>A column of metrics, params or tags.</summary>
/// <param name="Field">What it shows.</param>
/// <param name="Text">As a query names it.</param>
/// <param name="Kind">Metric, param or tag.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Sort">Where its header leads: to the order by it.</param>
/// <param name="Sorted"><c>ascending</c>, <c>descending</c> or null.</param>
/// <param name="MoreIsBetter">Null: nobody knows, or it is no metric.</param>
/// <param name="More">Leads to the same with more of it as better.</param>
/// <param name="Less">Leads to the same with less of it as better.</param>
/// <param name="Range">Of its numbers, over all runs that are found.</param>
public sealed record TableColumn(Field Field, string Text, string Kind, string Name, string Sort, string? Sorted, bool? MoreIsBetter, string More, string Less, ValueRange? Range)
{
    public bool IsMetric => Field.Kind is FieldKind.Metric;
}
