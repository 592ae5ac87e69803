using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Experiments;
using ServerlessMeta.Views;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>What a link to an experiment's page says: all that was chosen, so that whoever gets the link sees the same.</summary>
/// <param name="Experiment">Whose runs.</param>
public sealed record TableLink(ExperimentId Experiment)
{
    public const string Charts = ViewQuery.Charts;

    public string? Filter { get; init; }

    /// <summary>Fields by comma, each with its direction.</summary>
    public string? Order { get; init; }

    /// <summary>Fields by comma.</summary>
    public string? Columns { get; init; }

    /// <summary>A field in whose values runs are taken together.</summary>
    public string? Group { get; init; }

    /// <summary><see cref="Charts"/>, or null for the table.</summary>
    public string? View { get; init; }

    /// <summary><c>deleted</c>, or null for those that are not.</summary>
    public string? Stage { get; init; }

    /// <summary>Metrics by comma of which more is better, whatever their names say.</summary>
    public string? More { get; init; }

    /// <summary>Metrics by comma of which less is better, whatever their names say.</summary>
    public string? Less { get; init; }

    /// <summary>Runs by comma that are charted; null: the first ones.</summary>
    public string? Runs { get; init; }

    /// <summary>What charts are set to: of it only what is theirs.</summary>
    public ViewQuery Drawn { get; init; } = new();

    /// <summary>The saved view with which this began; what is shown may differ from it by now.</summary>
    public string? Saved { get; init; }

    public string Path => $"/experiments/{Experiment}";

    /// <summary>What a view would hold of it.</summary>
    public ViewQuery Asked => Drawn with { Filter = Filter, Order = Order, Columns = Columns, Group = Group, View = View, Stage = Stage, More = More, Less = Less, Runs = Runs };

    // A form says a list by many fields of one name; together they read as a list by comma.
    public static TableLink Of(ExperimentId experiment, HttpRequest request) =>
        Of(experiment, ViewQuery.Of(name => request.Query[name].ToString()), request.Query["saved"].ToString() is { Length: > 0 } saved ? saved : null);

    public static TableLink Of(SavedView view) => Of(view.Experiment, view.Content.Query, view.Id.ToString());

    /// <summary>A short address that leads to a view, however much it says.</summary>
    public static string AddressOf(SavedView view) => $"/experiments/{view.Experiment}/views/{view.Id}";

    private static TableLink Of(ExperimentId experiment, ViewQuery asked, string? saved) => new(experiment)
    {
        Filter = asked.Filter,
        Order = asked.Order,
        Columns = asked.Columns,
        Group = asked.Group,
        View = asked.View,
        Stage = asked.Stage,
        More = asked.More,
        Less = asked.Less,
        Runs = asked.Runs,
        Drawn = asked,
        Saved = saved,
    };

    /// <summary>The page.</summary>
    public string Address(int from = 0) => Path + Together([.. Asked.Parts, ("from", from > 0 ? $"{from}" : null), ("saved", Saved)]);

    /// <summary>A part or a file of what the page shows.</summary>
    public string Address(string path) => Path + path + Together((this with { View = null }).Asked.Parts.Select(static part => (part.Name, (string?)part.Value)));

    /// <summary>What the export takes of it.</summary>
    public string Export(string format, string? columns, int? limit = null) => $"/api/v1/experiments/{Experiment}/export"
        + Together([("format", format), ("filter", Filter), ("order", Order), ("columns", columns), ("stage", Stage), ("limit", limit?.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>Each name with what was chosen, for a form to keep.</summary>
    public IEnumerable<(string Name, string Value)> Chosen =>
        new (string Name, string? Value)[] { ("filter", Filter), ("order", Order), ("columns", Columns), ("group", Group), ("view", View), ("stage", Stage), ("more", More), ("less", Less), ("saved", Saved) }
            .Where(static one => one.Value is not null).Select(static one => (one.Name, one.Value!));

    private static string Together(IEnumerable<(string Name, string? Value)> parts) =>
        QueryString.Create(parts.Where(static part => part.Value is not null).Select(static part => KeyValuePair.Create(part.Name, part.Value))).ToUriComponent();
}
