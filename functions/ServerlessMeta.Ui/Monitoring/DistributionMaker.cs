using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Monitoring.Profiles;
using ServerlessMeta.Monitoring.Statistics;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Monitoring;

/// <summary>Lays a window's column beside the baseline's: numbers on the baseline's edges, put together to groups of about equal shares of it; categories by their frequency.</summary>
internal static class DistributionMaker
{
    private const int Groups = 12;
    private const int Categories = 15;
    private const string Others = "all others";

    public static DistributionModel Make(ColumnProfile reference, ColumnProfile current, string? remark)
    {
        var (bars, isNumeric, said) = reference.Kind is ColumnKind.Categorical && current.Kind is ColumnKind.Categorical ? (OfCategories(reference, current), false, null)
            : reference.Kind == current.Kind || AsNumbers(reference, current) is { } ? OfNumbers(reference, current)
            : ([], false, $"The baseline has {Words(reference.Kind)}, the window {Words(current.Kind)}.");
        return new DistributionModel(
            isNumeric, Scaled(bars), reference.Count, MissingOf(reference), current.Count, MissingOf(current), MeanOf(reference), MeanOf(current), string.Join(' ', new[] { said, remark }.OfType<string>()) is { Length: > 0 } text ? text : null);
    }

    private static (List<(string Name, double Reference, double Current)> Bars, bool IsNumeric, string? Remark) OfNumbers(ColumnProfile reference, ColumnProfile current)
    {
        if (AsNumbers(reference, current) is { } numbers)
        {
            (reference, current) = numbers;
        }
        if (BinPair.Of(reference, current) is not { } pair)
        {
            return ([], true, "There are no values on the baseline's edges to be shown.");
        }
        var bars = new List<(string, double, double)>();
        var (from, a, b, before, cut) = (0, 0.0, 0.0, 0.0, 1);
        for (var cell = 0; cell < pair.Reference.Length; cell++)
        {
            a += pair.Reference[cell];
            b += pair.Current[cell];
            before += pair.Reference[cell];
            var isOutside = cell == 0 || cell >= pair.Reference.Length - 2;
            if (!isOutside && before < cut * pair.ReferenceTotal / Groups)
            {
                continue;
            }
            // What lies below the baseline's least value, or above its greatest, is a bar of its own where there is any.
            if (a + b > 0)
            {
                bars.Add((NameOf(pair, from, cell), a / pair.ReferenceTotal, b / pair.CurrentTotal));
            }
            (from, a, b) = (cell + 1, 0, 0);
            for (; cut <= Groups && before >= cut * pair.ReferenceTotal / Groups; cut++)
            {
            }
        }
        return (bars, true, pair.IsApproximate ? "The window was counted on other edges: its values are taken as spread evenly within them." : null);
    }

    private static List<(string Name, double Reference, double Current)> OfCategories(ColumnProfile reference, ColumnProfile current)
    {
        if (reference.Categories is not { } a || current.Categories is not { } b)
        {
            return [];
        }
        var (before, now) = (Math.Max(1, a.Counts.Values.Sum() + a.Other), Math.Max(1, b.Counts.Values.Sum() + b.Other));
        var all = a.Counts.Keys.Union(b.Counts.Keys, StringComparer.Ordinal)
            .Select(name => (Name: name, Reference: (double)a.Counts.GetValueOrDefault(name) / before, Current: (double)b.Counts.GetValueOrDefault(name) / now))
            .OrderByDescending(static one => Math.Max(one.Reference, one.Current)).ThenBy(static one => one.Name, StringComparer.Ordinal).ToList();
        var bars = all.Take(Categories).ToList();
        var (left, right) = (all.Skip(Categories).Sum(static one => one.Reference) + ((double)a.Other / before), all.Skip(Categories).Sum(static one => one.Current) + ((double)b.Other / now));
        if (left + right > 0)
        {
            bars.Add((Others, left, right));
        }
        return bars;
    }

    private static (ColumnProfile Reference, ColumnProfile Current)? AsNumbers(ColumnProfile reference, ColumnProfile current) =>
        reference.Kind == current.Kind ? null
        : reference.Kind is ColumnKind.Categorical ? ColumnMerge.AsNumbers(reference, current.Bins) is { } before ? (before, current) : null
        : ColumnMerge.AsNumbers(current, reference.Bins) is { } now ? (reference, now) : null;

    private static string NameOf(BinPair pair, int from, int cell)
    {
        // As many places as tell a group from the next.
        var range = (pair.Ends[^2] - pair.Ends[1]) / Groups;
        return cell == 0 ? $"below {Edge(1)}"
            : cell == pair.Reference.Length - 1 ? $"above {Edge(cell)}"
            : pair.Ends[from] == pair.Ends[cell + 1] ? Edge(from)
            : $"{Edge(from)} to {Edge(cell + 1)}";

        string Edge(int end) => Figures.Text(range is > 1e-6 and < 1e6 && Math.Abs(pair.Ends[end]) < 1e9 ? Math.Round(pair.Ends[end], Math.Clamp(1 - (int)Math.Floor(Math.Log10(range)), 0, 12)) : pair.Ends[end]);
    }

    private static ImmutableArray<DistributionBar> Scaled(List<(string Name, double Reference, double Current)> bars)
    {
        var longest = bars.Count == 0 ? 1 : Math.Max(1e-9, bars.Max(static bar => Math.Max(bar.Reference, bar.Current)));
        return [.. bars.Select(bar => new DistributionBar(bar.Name, bar.Reference, bar.Current, Width(bar.Reference), Width(bar.Current)))];

        int Width(double share) => share <= 0 ? 0 : Math.Max(1, (int)Math.Round(100 * share / longest));
    }

    private static double MissingOf(ColumnProfile column) => column.Count == 0 ? 0 : (double)column.Missing / column.Count;

    private static string? MeanOf(ColumnProfile column) =>
        column.Moments.Count == 0 || column.Kind is ColumnKind.Categorical ? null : string.Create(CultureInfo.InvariantCulture, $"{Figures.Text(column.Moments.Mean)} ± {Figures.Text(Math.Sqrt(column.Moments.Variance))}");

    private static string Words(ColumnKind kind) => kind is ColumnKind.Numeric ? "numbers" : "words";
}
