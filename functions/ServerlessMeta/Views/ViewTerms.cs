using System.Collections.Immutable;
using System.Globalization;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using ServerlessMeta.Search;

namespace ServerlessMeta.Views;

/// <summary>What a table is asked for, read: by the same rules where it is shown and where it is saved.</summary>
internal sealed record ViewTerms(RecordQuery Query, ImmutableArray<string> Order, ImmutableArray<Field> Columns, Field? Group, ImmutableArray<Field> More, ImmutableArray<Field> Less)
{
    private const int MostRuns = 200;
    private const int LongestName = 500;

    /// <summary>Reads what decides which runs are shown, and how; the terms, or every fault.</summary>
    public static (ViewTerms? Terms, ImmutableArray<Failure.Invalid> Faults) Read(ViewQuery asked, FieldSchema schema)
    {
        var order = FieldText.ReadOrder(asked.Order, "order");
        var query = RecordQuery.Parse(asked.Filter, order.IsOk ? order.Value : [], schema);
        var (columns, group) = (FieldText.ReadFields(asked.Columns, "columns", schema), FieldText.ReadFields(asked.Group, "group", schema));
        var (more, less) = (FieldText.ReadFields(asked.More, "more", schema), FieldText.ReadFields(asked.Less, "less", schema));
        var faults = new[] { order.Failure, query.Failure, columns.Failure, group.Failure, more.Failure, less.Failure }.OfType<Failure.Invalid>().ToImmutableArray();
        if (group.IsOk && (group.Value.Length > 1 || group.Value.Any(static field => field.Kind is not (FieldKind.Param or FieldKind.Tag))))
        {
            faults = faults.Add(new Failure.Invalid("group", "Runs are grouped by one param or tag, as in params.lr."));
        }
        return faults.IsEmpty ? (new ViewTerms(query.Value, order.Value, columns.Value, group.Value.IsEmpty ? null : group.Value[0], more.Value, less.Value), faults) : (null, faults);
    }

    /// <summary>The same written in one way, so that two which mean the same are equal; the query, or every fault, charts' own too.</summary>
    /// <param name="asked">What is to be saved.</param>
    /// <param name="experiment">Whose runs.</param>
    /// <param name="schema">How fields are written.</param>
    public static (ViewQuery? Query, ImmutableArray<Failure.Invalid> Faults) Settle(ViewQuery asked, ExperimentId experiment, FieldSchema schema)
    {
        var (terms, found) = Read(asked, schema);
        var faults = found.ToBuilder();
        var hasCharts = Check("view", asked.View, static view => view is "table" or ViewQuery.Charts, "table or charts is expected.") && asked.View == ViewQuery.Charts;
        Check("stage", asked.Stage, static stage => stage is "active" or ViewQuery.Deleted, "active or deleted is expected.");
        Check("runs", asked.Runs, runs => RunsIn(runs) is { Length: <= MostRuns } all && all.All(run => RunId.TryParse(run, CultureInfo.InvariantCulture, out var id) && id.Experiment == experiment), $"Up to {MostRuns} runs of the experiment by comma are expected.");
        Check("metric", asked.Metric, static name => name.Length <= LongestName, $"A name has up to {LongestName} characters.");
        Check("band", asked.Band, static name => name.Length <= LongestName, $"A name has up to {LongestName} characters.");
        Check("x", asked.X, static x => x is "step" or "relative" or "time", "step, relative or time is expected.");
        Check("top", asked.Top, static top => int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 100, "A whole number from 1 to 100 is expected.");
        Check("smooth", asked.Smooth, static smooth => double.TryParse(smooth, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 0.98, "A number from 0 to 0.98 is expected.");
        Check("log", asked.Log, static log => log is "on", "on is expected.");
        if (terms is null || faults.Count > 0)
        {
            return (null, faults.ToImmutable());
        }
        var settled = new ViewQuery
        {
            Filter = asked.Filter,
            Order = Together(terms.Order),
            Columns = Write(terms.Columns),
            Group = terms.Group is { } group ? FieldText.Write(group, schema) : null,
            Stage = asked.Stage == ViewQuery.Deleted ? ViewQuery.Deleted : null,
            More = Write(terms.More),
            Less = Write(terms.Less),
        };
        return (!hasCharts ? settled : settled with
        {
            View = ViewQuery.Charts,
            Runs = asked.Runs is { } runs ? string.Join(',', RunsIn(runs)) : null,
            Metric = asked.Metric,
            X = asked.X,
            Top = asked.Top,
            Band = asked.Band,
            Smooth = asked.Smooth,
            Log = asked.Log,
        }, []);

        bool Check(string name, string? text, Func<string, bool> isRight, string expected)
        {
            if (text is null || isRight(text))
            {
                return true;
            }
            faults.Add(new Failure.Invalid(name, expected));
            return false;
        }

        string? Write(ImmutableArray<Field> fields) => Together(fields.Select(field => FieldText.Write(field, schema)));
    }

    private static string? Together(IEnumerable<string> texts) => string.Join(", ", texts) is { Length: > 0 } text ? text : null;

    private static string[] RunsIn(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
