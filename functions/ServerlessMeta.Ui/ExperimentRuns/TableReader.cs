using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;
using ServerlessMeta.Ui.Parts;
using ServerlessMeta.Views;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>Makes the models of an experiment's page and of its rows.</summary>
internal sealed class TableReader(RunTable table, TableLink link, UiWords words, TimeProvider time)
{
    /// <summary>Rows that a page without scripts shows, and that a script asks for at once.</summary>
    public const int PageRows = 50;

    private const int MostGroups = 200;
    private const int MostChoices = 300;
    private const int ChartedRuns = 500;
    private const int ChartedFields = 40;

    /// <summary>The page; where the link cannot be read, what is wrong with it and no runs.</summary>
    public async Task<TableModel> PageAsync(int from, ViewStore views, HttpRequest request, CancellationToken ct)
    {
        var saved = views.ListAsync(table.Experiment.Id, ofAll: false, ct);
        var uses = await table.FieldsAsync(ct);
        var (active, deleted) = await table.CountAsync(ct);
        var (terms, faults) = ViewTerms.Read(link.Asked, words.Runs);
        var query = terms is null ? null : TableQuery.Of(terms, link, uses);
        var model = new TableModel
        {
            Experiment = table.Experiment,
            Position = table.Position,
            Note = table.Experiment.Tags.FirstOrDefault(tag => tag.Key == words.NoteTag) is { Value.Length: > 0 } note ? note.Value : null,
            Link = link,
            Active = active,
            Deleted = deleted,
            From = from,
            Views = await ViewsAsync(await saved, views, terms, request, ct),
            FirstSteps = FirstSteps.Of(request),
            Choices = ChoicesOf(uses, query?.Columns ?? []),
        };
        if (query is null)
        {
            return model with { Fault = FaultOf(faults[0]) };
        }
        if (link.View == ViewQuery.Charts)
        {
            return model with { Charts = ChartsOf(query, uses) };
        }
        if (query.Group is { } group)
        {
            var groups = await table.GroupAsync(query.Query, query.Stages, group, query.Metrics, MostGroups, ct);
            return model with { Total = groups.Sum(static one => one.Runs), Columns = ColumnsOf(query, query.Metrics, null), Groups = [.. groups.Select(one => GroupOf(query, group, one))] };
        }
        var window = await table.WindowAsync(query.Query, query.Stages, from, PageRows, query.Columns, ct);
        return model with { Total = window.Total, Headers = Headers, Columns = ColumnsOf(query, query.Columns, window), Rows = RowsOf(query, window) };
    }

    /// <summary>A part of the rows, and how many there are in all.</summary>
    public async Task<Result<(TableRowsModel Rows, int Total)>> RowsAsync(int from, int count, CancellationToken ct)
    {
        var (terms, faults) = ViewTerms.Read(link.Asked, words.Runs);
        if (terms is null)
        {
            return faults[0];
        }
        var query = TableQuery.Of(terms, link, link.Columns is null ? await table.FieldsAsync(ct) : []);
        var window = await table.WindowAsync(query.Query, query.Stages, from, count, query.Columns, ct);
        return (new TableRowsModel(RowsOf(query, window), query.Metrics.Length > 0), window.Total);
    }

    // A view of another's that an administrator opened by its link is not among those to choose from.
    private async Task<ViewsModel> ViewsAsync(ImmutableArray<SavedView> all, ViewStore views, ViewTerms? terms, HttpRequest request, CancellationToken ct)
    {
        var shown = all.FirstOrDefault(view => view.Id.ToString() == link.Saved)
            ?? (ViewId.TryParse(link.Saved, CultureInfo.InvariantCulture, out var id) ? await views.FindAsync(table.Experiment.Id, id, ct) : null);
        return ViewsModel.Of(all, shown, link, terms?.ToQuery(link.Asked, link.Experiment, words.Runs), FirstSteps.AddressOf(request));
    }

    private ImmutableArray<TableRow> RowsOf(TableQuery query, RunWindow window)
    {
        var cells = query.Columns.Select((field, place) => new CellMaker(field, query.MoreIsBetter(field), window.Ranges[place])).ToImmutableArray();
        var now = time.GetUtcNow();
        return
        [
            .. window.Runs.Select((run, place) => new TableRow(
                run.Info.Id.ToString(), window.From + place, run.Info.Name.Length > 0 ? run.Info.Name : run.Info.Id.ToString(), RunWord.Of(run.Info.Status), RunWord.Kind(run.Info.Status), run.Info.StartedAt,
                Figures.Duration((run.Info.EndedAt ?? now) - run.Info.StartedAt is { Ticks: > 0 } time ? time : TimeSpan.Zero), run.Info.UserId, [.. cells.Select(cell => cell.Of(run))])),
        ];
    }

    private ImmutableArray<TableColumn> ColumnsOf(TableQuery query, ImmutableArray<Field> fields, RunWindow? window) =>
    [
        .. fields.Select((field, place) =>
        {
            var text = FieldText.Write(field, words.Runs);
            var better = query.MoreIsBetter(field);
            var (sort, sorted) = SortOf(text, better is true);
            return new TableColumn(
                field, text, field.Kind.ToString().ToLowerInvariant(), NameOf(field), sort, sorted, better,
                With(link.Asked with { More = Together(query.More.Add(field)), Less = Together(query.Less.Remove(field)) }),
                With(link.Asked with { More = Together(query.More.Remove(field)), Less = Together(query.Less.Add(field)) }), window?.Ranges[place]);
        }),
    ];

    private ImmutableArray<TableHeader> Headers =>
        [HeaderOf("Run", "run_name", false), HeaderOf("Status", "status", false), HeaderOf("Started", "start_time", true), new("Duration", null, null), HeaderOf("User", "user_id", false)];

    private TableHeader HeaderOf(string name, string text, bool descendsFirst)
    {
        var (sort, sorted) = SortOf(text, descendsFirst);
        return new TableHeader(name, sort, sorted ?? (text == "start_time" && link.Order is null ? "descending" : null));
    }

    // The first click sorts the better end up, the next the other, the third not at all.
    private (string Address, string? Sorted) SortOf(string text, bool descendsFirst)
    {
        var (up, down) = ($"{text} ASC", $"{text} DESC");
        var sorted = link.Order == up ? "ascending" : link.Order == down ? "descending" : null;
        var next = sorted is null ? (descendsFirst ? down : up) : sorted == "descending" == descendsFirst ? (descendsFirst ? up : down) : null;
        return (With(link.Asked with { Order = next }), sorted);
    }

    private TableGroup GroupOf(TableQuery query, Field group, RunGroup found) => new(
        found.Value,
        found.Runs,
        With(link.Asked with { Group = null, Filter = TableQuery.Narrow(link.Filter, group, found.Value, words.Runs) }),
        [.. found.Figures.Select(static figure => new TableCell(
            figure.Runs == 0 ? null : double.IsNaN(figure.Deviation) ? Figures.Text(figure.Mean) : $"{Figures.Text(figure.Mean)} ± {Figures.Text(figure.Deviation)}", figure.Runs == 1 ? "of one run" : $"of {figure.Runs} runs", true, null))]);

    // The columns that are shown stand first in every choice.
    private ChartsModel ChartsOf(TableQuery query, ImmutableArray<FieldUse> uses)
    {
        var fields = query.Columns.Concat(uses.Select(static use => use.Field)).Distinct().ToList();
        var (metrics, parameters) = (Of(FieldKind.Metric), Of(FieldKind.Param));
        return new ChartsModel(
            link.Export("json", Together(metrics.Concat(parameters)), ChartedRuns),
            [.. metrics.Select(field => new ChartsModel.Metric(field.Key, query.MoreIsBetter(field)))],
            [.. parameters.Select(static field => field.Key)],
            [.. (link.Asked.Runs ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);

        List<Field> Of(FieldKind kind) => [.. fields.Where(field => field.Kind == kind).Take(ChartedFields)];
    }

    private ImmutableArray<(string Kind, ImmutableArray<ColumnChoice> Fields)> ChoicesOf(ImmutableArray<FieldUse> uses, ImmutableArray<Field> shown)
    {
        return
        [
            .. new (string Kind, ImmutableArray<ColumnChoice> Fields)[]
            {
                ("Metrics", Those(static field => field.Kind is FieldKind.Metric)),
                ("Params", Those(static field => field.Kind is FieldKind.Param)),
                ("Tags", Those(field => field.Kind is FieldKind.Tag && (!field.Key.StartsWith(words.HiddenTags, StringComparison.Ordinal) || field.Key == words.SourceTag || field.Key == words.CommitTag))),
            }.Where(static one => !one.Fields.IsEmpty),
        ];

        // Those that are shown come first, so that they are there where the list is cut.
        ImmutableArray<ColumnChoice> Those(Func<Field, bool> wanted) =>
        [
            .. shown.Where(wanted).Concat(uses.Select(static use => use.Field).Where(wanted)).Distinct().Take(MostChoices)
                .Select(field => new ColumnChoice(FieldText.Write(field, words.Runs), NameOf(field), shown.Contains(field))),
        ];
    }

    private string With(ViewQuery asked) => (link with { Asked = asked }).Address();

    private string NameOf(Field field) =>
        field.Kind is FieldKind.Tag && field.Key == words.SourceTag ? "source" : field.Kind is FieldKind.Tag && field.Key == words.CommitTag ? "commit" : field.Key;

    private string? Together(IEnumerable<Field> fields) => string.Join(", ", fields.Select(field => FieldText.Write(field, words.Runs)).Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : null;

    private FilterFault FaultOf(Failure failure) => failure is Failure.Invalid { Field: "filter", At: { } at } && link.Filter is { } filter && at <= filter.Length
        ? new FilterFault(failure.Detail, filter[..at], filter[at..])
        : new FilterFault(failure.Detail, "", null);
}
