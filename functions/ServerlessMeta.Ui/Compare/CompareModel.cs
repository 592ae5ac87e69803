using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Compare;

/// <summary>The page of a comparison.</summary>
public sealed record CompareModel
{
    /// <summary><c>runs</c> or <c>versions</c>.</summary>
    public required string Kind { get; init; }

    public required ImmutableArray<ComparedSide> Sides { get; init; }

    public required string Verdict { get; init; }

    public required ImmutableArray<CompareSection> Sections { get; init; }

    /// <summary>Whether rows are shown that do not differ.</summary>
    public required bool ShowsAll { get; init; }

    /// <summary>Metrics that more than one run has.</summary>
    public required ImmutableArray<string> Charts { get; init; }

    /// <summary>Of the commits of the first side and each other: the other's letter and where the difference is shown.</summary>
    public required ImmutableArray<(string Letter, string Address)> CodeDifferences { get; init; }

    public string AddressOf(IEnumerable<ComparedSide> sides, bool all) =>
        $"/compare?{Kind}={string.Join(',', sides.Select(static side => Uri.EscapeDataString(side.Key)))}{(all ? "&all=true" : "")}";

    /// <summary>The same without one of the sides.</summary>
    public string Without(ComparedSide side) => AddressOf(Sides.Where(other => other != side), ShowsAll);

    /// <summary>The same with a side in front, so that others are measured against it.</summary>
    public string Against(ComparedSide side) => AddressOf(Sides.Where(other => other != side).Prepend(side), ShowsAll);
}
