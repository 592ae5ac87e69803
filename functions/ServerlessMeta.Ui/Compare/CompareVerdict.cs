using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Ui.Parts;

namespace ServerlessMeta.Ui.Compare;

/// <summary>
/// What a comparison comes to, in a sentence: which side is better, by which metric, and what differs that may be why. Of the metrics that tell, one on held-out data counts before one on training data, a
/// score before a loss, then the name that comes first.
/// </summary>
internal static class CompareVerdict
{
    private const string Packages = "packages";
    private const string Arguments = "arguments";
    private const int ParamsNamed = 4;
    private const int MetricsNamed = 3;

    public static string Of(Compared compared) => $"{Outcome(compared)}; {Causes(compared.Sides)}.";

    private static string Outcome(Compared compared)
    {
        var (sides, telling) = (compared.Sides, compared.Metrics.Where(static metric => metric.Tells)
            .OrderByDescending(static metric => metric.IsHeldOut).ThenByDescending(static metric => metric.HigherIsBetter).ThenBy(static metric => metric.Title, StringComparer.OrdinalIgnoreCase).ToList());
        if (telling.Count == 0)
        {
            return compared.Metrics.Any(static metric => metric.Values.All(static value => value is not null))
                ? "No metric of all of them says which is better"
                : $"{Listed([.. sides.Select(static side => side.Letter)])} have no metric in common";
        }
        // One in which they differ says more than one in which they do not.
        var deciding = telling.Find(static metric => metric.Differs);
        if (deciding is null)
        {
            return $"{Listed([.. sides.Select(static side => side.Letter)])} are equal in {telling[0].Title} ({Figures.Text(telling[0].Values[0])})";
        }
        var best = Enumerable.Range(0, sides.Length).Where(side => deciding.Values[side] == deciding.Best).ToList();
        var others = telling.Where(metric => metric != deciding && metric.Differs).ToList();
        if (best.Count > 1)
        {
            return $"{Listed([.. best.Select(side => sides[side].Letter)])} are best, with {Figures.Text(deciding.Best)} {deciding.Title}";
        }
        var (winner, value) = (best[0], deciding.Values[best[0]]!.Value);
        var rivals = deciding.Values.Select((other, side) => (Side: side, Value: other!.Value)).Where(other => other.Side != winner).ToList();
        var next = deciding.HigherIsBetter is true ? rivals.MaxBy(static other => other.Value) : rivals.MinBy(static other => other.Value);
        var ahead = Comparison.Brief(MetricComparison.Subtract(value, next.Value));
        var worse = others.Where(metric => metric.Values[winner] != metric.Best).Select(static metric => metric.Title).ToList();
        return (sides.Length == 2
            ? $"{sides[winner].Letter} is better by {ahead} {deciding.Title} ({Figures.Text(value)} against {Figures.Text(next.Value)})"
            : $"{sides[winner].Letter} is best with {Figures.Text(value)} {deciding.Title}, {ahead} ahead of {sides[next.Side].Letter}")
            + (worse.Count == 0 ? "" : $", but not in {Some(worse, MetricsNamed, "metrics")}");
    }

    private static string Causes(ImmutableArray<ComparedSide> sides)
    {
        var differing = Comparison.Differing(sides, static side => side.Params).Select(static name => name.Replace('_', ' ')).ToList();
        List<string> causes = differing.Count > ParamsNamed ? [.. differing.Take(ParamsNamed), string.Create(CultureInfo.InvariantCulture, $"{differing.Count - ParamsNamed} more {(differing.Count == ParamsNamed + 1 ? "param" : "params")}")] : differing;
        if (causes.Count == 0)
        {
            // Where params differ, they came by the arguments.
            Add(Arguments, static side => side.Platform.TryGetValue(RunSides.Arguments, out var given) ? ComparedSide.None.Add(RunSides.Arguments, given) : ComparedSide.None);
        }
        Add("data version", static side => side.Data);
        Add("code", static side => side.Commit is null ? side.Code : ComparedSide.None.Add("commit", side.Commit));
        Add(Packages, static side => side.Packages);
        Add("platform", static side => side.Platform.Remove(RunSides.Arguments));
        return causes switch
        {
            [] => "nothing that is recorded of them differs",
            [Packages or Arguments] => $"{causes[0]} differ",
            [var only] => $"{only} differs",
            _ => $"{Listed(causes)} differ",
        };

        void Add(string word, Func<ComparedSide, ImmutableSortedDictionary<string, string>> part)
        {
            if (Comparison.Differs(sides, part))
            {
                causes.Add(word);
            }
        }
    }

    private static string Some(List<string> names, int most, string what) => names.Count <= most ? Listed(names)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(most))} and {names.Count - most} more {what}");

    private static string Listed(List<string> words) => words.Count < 2 ? string.Join("", words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";
}
