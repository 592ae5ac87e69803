using System.Collections.Immutable;
using ServerlessMeta.Experiments;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>An experiment and its runs.</summary>
public sealed record TableModel
{
    public required Experiment Experiment { get; init; }

    /// <summary>Where it stood when it was read; null: not known.</summary>
    public string? Position { get; init; }

    /// <summary>The description, in Markdown; null for none.</summary>
    public string? Note { get; init; }

    /// <summary>What the page shows.</summary>
    public required TableLink Link { get; init; }

    /// <summary>Runs that are not deleted.</summary>
    public required int Active { get; init; }

    public required int Deleted { get; init; }

    /// <summary>What the filter finds.</summary>
    public int Total { get; init; }

    /// <summary>How many runs stand before the first that is shown.</summary>
    public int From { get; init; }

    /// <summary>Which wrong the link says.</summary>
    public FilterFault? Fault { get; init; }

    public ImmutableArray<TableColumn> Columns { get; init; } = [];

    public ImmutableArray<TableRow> Rows { get; init; } = [];

    /// <summary>Instead of rows, when runs are grouped.</summary>
    public ImmutableArray<TableGroup>? Groups { get; init; }

    /// <summary>What may be a column, by kind.</summary>
    public ImmutableArray<(string Kind, ImmutableArray<ColumnChoice> Fields)> Choices { get; init; } = [];

    /// <summary>The headers of what each run has: name, where it leads, how it is sorted.</summary>
    public ImmutableArray<TableHeader> Headers { get; init; } = [];

    /// <summary>Instead of rows, when the link asks for charts.</summary>
    public ChartsModel? Charts { get; init; }

    /// <summary>What was saved of such tables, and which of it is shown.</summary>
    public required ViewsModel Views { get; init; }

    /// <summary>How the first run is logged.</summary>
    public required IReadOnlyList<Snippet> FirstSteps { get; init; }

    public TableColumn? Trend => Columns.FirstOrDefault(static column => column.IsMetric);
}
