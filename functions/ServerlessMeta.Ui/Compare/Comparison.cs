using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Compare;

/// <summary>Puts sides beside each other: a section for each kind of what is known, the rows that differ first.</summary>
internal static class Comparison
{
    private const int RowsShown = 300;
    private const int DigestShown = 10;

    public static CompareModel Of(string kind, Compared compared, bool all)
    {
        var sides = compared.Sides;
        CompareSection[] sections =
        [
            Section("Metrics", compared.Metrics.Select(metric => RowOf(metric)), all, false),
            Section("Params", Rows(sides, static side => side.Params), all, false),
            Section("Data", Rows(sides, static side => side.Data), all, true),
            Section("Code", Rows(sides, static side => side.Code), all, false),
            Section("Platform and launch", Rows(sides, static side => side.Platform), all, false),
            Section("Packages", Rows(sides, static side => side.Packages), all, true),
            Section("Artifacts", Rows(sides, static side => side.Files), all, true),
        ];
        return new CompareModel
        {
            Kind = kind,
            Sides = sides,
            Verdict = CompareVerdict.Of(compared),
            Sections = [.. sections.Where(static section => section.Differing + section.Same > 0)],
            ShowsAll = all,
            Charts = [],
            CodeDifferences = [.. sides.Skip(1).Select(side => (side.Letter, Address: DifferenceOf(sides[0], side))).Where(static one => one.Address is not null).Select(static one => (one.Letter, one.Address!))],
        };
    }

    /// <summary>Whether anything of a kind differs.</summary>
    public static bool Differs(ImmutableArray<ComparedSide> sides, Func<ComparedSide, ImmutableSortedDictionary<string, string>> part) => Rows(sides, part).Any(static row => row.Differs);

    /// <summary>What differs of a kind, by name.</summary>
    public static IEnumerable<string> Differing(ImmutableArray<ComparedSide> sides, Func<ComparedSide, ImmutableSortedDictionary<string, string>> part) =>
        Rows(sides, part).Where(static row => row.Differs).Select(static row => row.Name);

    // In one repository, as far as both say which.
    private static string? DifferenceOf(ComparedSide first, ComparedSide side) =>
        first.Repository is { } one && side.Repository is { } other && one != other ? null : CodeHost.DifferenceAt(first.Repository ?? side.Repository, first.Commit, side.Commit);

    private static CompareSection Section(string title, IEnumerable<CompareRow> rows, bool all, bool showsChange)
    {
        var every = rows.OrderByDescending(static row => row.Differs).ToList();
        var differing = every.Count(static row => row.Differs);
        var shown = (all ? every : every.Take(differing)).Take(RowsShown).ToImmutableArray();
        return new CompareSection(title, shown, differing, every.Count - differing, showsChange) { Hidden = Math.Max(0, (all ? every.Count : differing) - shown.Length) };
    }

    private static IEnumerable<CompareRow> Rows(ImmutableArray<ComparedSide> sides, Func<ComparedSide, ImmutableSortedDictionary<string, string>> part)
    {
        foreach (var name in sides.SelectMany(side => part(side).Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.OrdinalIgnoreCase))
        {
            var values = sides.Select(side => part(side).GetValueOrDefault(name)).ToList();
            var differs = values.Distinct(StringComparer.Ordinal).Skip(1).Any();
            yield return new CompareRow(name, null, [.. values.Select(value => value is null ? new CompareCell(null) : CellOf(value))], differs, ChangeOf(sides, values, differs));
        }
    }

    private static string ChangeOf(ImmutableArray<ComparedSide> sides, List<string?> values, bool differs)
    {
        var having = sides.Where((_, place) => values[place] is not null).ToList();
        return !differs ? "same"
            : having.Count == sides.Length ? "changed"
            : having.Count == 1 ? $"only in {having[0].Letter}"
            : having.Count == sides.Length - 1 ? $"not in {sides.First(side => !having.Contains(side)).Letter}"
            : string.Create(CultureInfo.InvariantCulture, $"in {having.Count} of {sides.Length}");
    }

    // Of a digest or a commit nobody reads more than the beginning.
    private static CompareCell CellOf(string value) => value.Length is >= 32 and <= 128 && value.All(char.IsAsciiHexDigit) ? new CompareCell($"{value[..DigestShown]}…", value) : new CompareCell(value);

    private static CompareRow RowOf(ComparedMetric metric)
    {
        var (best, first) = (metric.Best, metric.Values[0]);
        var note = metric.HigherIsBetter switch { true => "more is better", false => "less is better", null => null };
        return new CompareRow(
            metric.Title, metric.IsComparable ? note : "on other contents of the dataset",
            [.. metric.Values.Select((value, place) => value is not { } number ? new CompareCell(null) : new CompareCell(
                Figures.Text(number), number.ToString("R", CultureInfo.InvariantCulture), place > 0 && first is { } start && metric.IsComparable ? AgainstOf(number, start) : null, best == number))],
            metric.Differs, "");
    }

    private static string? AgainstOf(double value, double first) => MetricComparison.Subtract(value, first) is var difference && double.IsFinite(difference) && difference != 0
        ? (difference > 0 ? "+" : "−") + Brief(difference) : null;

    /// <summary>A difference without its sign, in as many digits as matter.</summary>
    public static string Brief(double difference) => Figures.Text(difference == 0 ? 0 : double.Parse(Math.Abs(difference).ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
}
