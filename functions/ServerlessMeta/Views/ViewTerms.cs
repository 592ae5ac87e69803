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

    /// <summary>
    /// Reads all that is to be saved; the query, or every fault, charts' own too. Columns, groups, metrics and numbers are written in one way, so that two which mean the same are equal; a filter and the
    /// fields of an order stay as they were given.
    /// </summary>
    /// <param name="asked">What is to be saved.</param>
    /// <param name="experiment">Whose runs.</param>
    /// <param name="schema">How fields are written.</param>
    public static (ViewQuery? Query, ImmutableArray<Failure.Invalid> Faults) Settle(ViewQuery asked, ExperimentId experiment, FieldSchema schema)
    {
        var (terms, faults) = Read(asked, schema);
        faults = faults.AddRange(FaultsBeside(asked, experiment));
        return terms is null || !faults.IsEmpty ? (null, faults) : (terms.Write(asked, schema), []);
    }

    /// <summary>The same of what has been read already; null when something else of it cannot be saved.</summary>
    /// <param name="asked">What the terms were read from.</param>
    /// <param name="experiment">Whose runs.</param>
    /// <param name="schema">How fields are written.</param>
    public ViewQuery? ToQuery(ViewQuery asked, ExperimentId experiment, FieldSchema schema) => FaultsBeside(asked, experiment).IsEmpty ? Write(asked, schema) : null;

    private static ImmutableArray<Failure.Invalid> FaultsBeside(ViewQuery asked, ExperimentId experiment)
    {
        var faults = ImmutableArray.CreateBuilder<Failure.Invalid>();
        Check("view", asked.View, static view => view is "table" or ViewQuery.Charts, "table or charts is expected.");
        Check("stage", asked.Stage, static stage => stage is "active" or ViewQuery.Deleted, "active or deleted is expected.");
        Check("runs", asked.Runs, runs => RunsIn(runs) is { Length: <= MostRuns } all && all.All(run => RunId.TryParse(run, CultureInfo.InvariantCulture, out var id) && id.Experiment == experiment), $"Up to {MostRuns} runs of the experiment by comma are expected.");
        Check("metric", asked.Metric, static name => name.Length <= LongestName, $"A name has up to {LongestName} characters.");
        Check("band", asked.Band, static name => name.Length <= LongestName, $"A name has up to {LongestName} characters.");
        Check("x", asked.X, static x => x is "step" or "relative" or "time", "step, relative or time is expected.");
        Check("top", asked.Top, static top => TopIn(top) is not null, "A whole number from 1 to 100 is expected.");
        Check("smooth", asked.Smooth, static smooth => SmoothIn(smooth) is not null, "A number from 0 to 0.98 is expected.");
        Check("log", asked.Log, static log => log is "on", "on is expected.");
        return faults.ToImmutable();

        void Check(string name, string? text, Func<string, bool> isRight, string expected)
        {
            if (text is not null && !isRight(text))
            {
                faults.Add(new Failure.Invalid(name, expected));
            }
        }
    }

    private ViewQuery Write(ViewQuery asked, FieldSchema schema)
    {
        var settled = new ViewQuery
        {
            Filter = asked.Filter,
            Order = Together(Order),
            Columns = Written(Columns),
            Group = Group is { } group ? FieldText.Write(group, schema) : null,
            Stage = asked.Stage == ViewQuery.Deleted ? ViewQuery.Deleted : null,
            More = Written(More),
            Less = Written(Less),
        };
        return asked.View != ViewQuery.Charts ? settled : settled with
        {
            View = ViewQuery.Charts,
            Runs = asked.Runs is { } runs ? string.Join(',', RunsIn(runs)) : null,
            Metric = asked.Metric,
            X = asked.X,
            Top = asked.Top is { } top ? TopIn(top) : null,
            Band = asked.Band,
            Smooth = asked.Smooth is { } smooth ? SmoothIn(smooth) : null,
            Log = asked.Log,
        };

        string? Written(ImmutableArray<Field> fields) => Together(fields.Select(field => FieldText.Write(field, schema)));
    }

    // The number that a text says, written in one way; null: it says none that there may be.
    private static string? TopIn(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 100 ? number.ToString(CultureInfo.InvariantCulture) : null;

    private static string? SmoothIn(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 0.98m ? number.ToString("0.############################", CultureInfo.InvariantCulture) : null;

    private static string? Together(IEnumerable<string> texts) => string.Join(", ", texts) is { Length: > 0 } text ? text : null;

    private static string[] RunsIn(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
