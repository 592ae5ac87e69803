using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Experiments;
using ServerlessMeta.Views;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>What a link to an experiment's page says: all that was chosen, so that whoever gets the link sees the same.</summary>
/// <param name="Experiment">Whose runs.</param>
/// <param name="Asked">What was chosen, which is what a view would hold of it.</param>
/// <param name="Saved">The saved view with which this began; what is shown may differ from it by now.</param>
public sealed record TableLink(ExperimentId Experiment, ViewQuery Asked, string? Saved)
{
    public string? Filter => Asked.Filter;

    public string? Order => Asked.Order;

    public string? Columns => Asked.Columns;

    public string? Group => Asked.Group;

    public string? View => Asked.View;

    public string? Stage => Asked.Stage;

    public string Path => $"/experiments/{Experiment}";

    // A form says a list by many fields of one name; together they read as a list by comma.
    public static TableLink Of(ExperimentId experiment, HttpRequest request) =>
        new(experiment, ViewQuery.Of(name => request.Query[name].ToString()), request.Query["saved"].ToString() is { Length: > 0 } saved ? saved : null);

    public static TableLink Of(SavedView view) => new(view.Experiment, view.Content.Query, view.Id.ToString());

    /// <summary>A short address that leads to a view, however much it says.</summary>
    public static string AddressOf(SavedView view) => $"/experiments/{view.Experiment}/views/{view.Id}";

    /// <summary>The page.</summary>
    public string Address(int from = 0) => Path + Together([.. Asked.Parts, ("from", from > 0 ? $"{from}" : null), ("saved", Saved)]);

    /// <summary>A part or a file of what the page shows.</summary>
    public string Address(string path) => Path + path + (Asked with { View = null }).ToAddress();

    /// <summary>What the export takes of it.</summary>
    public string Export(string format, string? columns, int? limit = null) => $"/api/v1/experiments/{Experiment}/export"
        + Together([("format", format), ("filter", Filter), ("order", Order), ("columns", columns), ("stage", Stage), ("limit", limit?.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>Each name with what was chosen, for a form to keep: all but what is charted.</summary>
    public IEnumerable<(string Name, string Value)> Chosen =>
        (Asked.WithoutLines() with { Runs = null }).Parts.Concat(Saved is { } saved ? [("saved", saved)] : []);

    private static string Together(IEnumerable<(string Name, string? Value)> parts) =>
        QueryString.Create(parts.Where(static part => part.Value is not null).Select(static part => KeyValuePair.Create(part.Name, part.Value))).ToUriComponent();
}
