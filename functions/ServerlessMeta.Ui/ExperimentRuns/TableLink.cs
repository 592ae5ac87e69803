using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Experiments;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>What a link to an experiment's page says: all that was chosen, so that whoever gets the link sees the same.</summary>
/// <param name="Experiment">Whose runs.</param>
public sealed record TableLink(ExperimentId Experiment)
{
    public const string Charts = "charts";

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

    public string Path => $"/experiments/{Experiment}";

    public static TableLink Of(ExperimentId experiment, HttpRequest request)
    {
        return new TableLink(experiment)
        {
            Filter = Text("filter"),
            Order = Text("order"),
            Columns = Text("columns"),
            Group = Text("group"),
            View = Text("view"),
            Stage = Text("stage"),
            More = Text("more"),
            Less = Text("less"),
            Runs = Text("runs"),
        };

        // A form says a list by many fields of one name; together they read as a list by comma.
        string? Text(string name) => request.Query[name].ToString().Trim() is { Length: > 0 } text ? text : null;
    }

    /// <summary>The page.</summary>
    public string Address(int from = 0) => Path + Query(from, View, View is null ? null : Runs);

    /// <summary>A part or a file of what the page shows.</summary>
    public string Address(string path) => Path + path + Query(0, null, null);

    /// <summary>What the export takes of it.</summary>
    public string Export(string format, string? columns, int? limit = null) => $"/api/v1/experiments/{Experiment}/export"
        + Together([("format", format), ("filter", Filter), ("order", Order), ("columns", columns), ("stage", Stage), ("limit", limit?.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>Each name with what was chosen, for a form to keep.</summary>
    public IEnumerable<(string Name, string Value)> Chosen =>
        new (string Name, string? Value)[] { ("filter", Filter), ("order", Order), ("columns", Columns), ("group", Group), ("view", View), ("stage", Stage), ("more", More), ("less", Less) }
            .Where(static one => one.Value is not null).Select(static one => (one.Name, one.Value!));

    private string Query(int from, string? view, string? runs) => Together(
        [("filter", Filter), ("order", Order), ("columns", Columns), ("group", Group), ("view", view), ("stage", Stage), ("more", More), ("less", Less), ("runs", runs), ("from", from > 0 ? $"{from}" : null)]);

    private static string Together(IEnumerable<(string Name, string? Value)> parts) =>
        QueryString.Create(parts.Where(static part => part.Value is not null).Select(static part => KeyValuePair.Create(part.Name, part.Value))).ToUriComponent();
}
