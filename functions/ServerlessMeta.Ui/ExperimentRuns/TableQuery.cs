using System.Collections.Immutable;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;
using ServerlessMeta.Views;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>A link, read: what is found, in which order, in which columns.</summary>
internal sealed record TableQuery(RecordQuery Query, StageFilter Stages, ImmutableArray<Field> Columns, Field? Group, ImmutableHashSet<Field> More, ImmutableHashSet<Field> Less)
{
    private const int DefaultMetrics = 6;
    private const int DefaultParams = 6;

    /// <summary>What the link says; where it names no columns, those in which the runs differ.</summary>
    /// <param name="terms">The link, read.</param>
    /// <param name="link">The link.</param>
    /// <param name="uses">The fields that the runs have.</param>
    public static TableQuery Of(ViewTerms terms, TableLink link, ImmutableArray<FieldUse> uses) => new(
        terms.Query,
        link.Stage == ViewQuery.Deleted ? StageFilter.Deleted : StageFilter.Active,
        terms.Columns.Where(static field => field.Kind is FieldKind.Metric or FieldKind.Param or FieldKind.Tag).ToImmutableArray() is { Length: > 0 } chosen ? chosen : Default(uses),
        terms.Group,
        [.. terms.More],
        [.. terms.Less]);

    public ImmutableArray<Field> Metrics => [.. Columns.Where(static one => one.Kind is FieldKind.Metric)];

    /// <summary>Whether more of a metric is better: as the link says, else as its name does; null when nobody knows.</summary>
    public bool? MoreIsBetter(Field field) =>
        field.Kind is not FieldKind.Metric ? null : More.Contains(field) ? true : Less.Contains(field) ? false : MetricDirections.NoPolicy.Find(field.Key).HigherIsBetter;

    /// <summary>The filter of those runs alone that have this value in the group's field.</summary>
    public static string Narrow(string? filter, Field group, string? value, FieldSchema schema)
    {
        var name = FieldText.Write(group, schema);
        var clause = value is null ? $"{name} IS NULL" : $"{name} = {QueryText.Quote(value, '\'')}";
        return string.IsNullOrWhiteSpace(filter) ? clause : $"({filter}) AND {clause}";
    }

    // System metrics say how the machine was, not how the run was.
    private static ImmutableArray<Field> Default(ImmutableArray<FieldUse> uses) =>
    [
        .. Differing(uses.Where(static use => use.Field.Kind is FieldKind.Metric && !use.Field.Key.StartsWith("system/", StringComparison.Ordinal))).Take(DefaultMetrics),
        .. Differing(uses.Where(static use => use.Field.Kind is FieldKind.Param)).Take(DefaultParams),
    ];

    private static IEnumerable<Field> Differing(IEnumerable<FieldUse> uses) => uses.OrderByDescending(static use => use.Varies).ThenByDescending(static use => use.Runs).Select(static use => use.Field);
}
