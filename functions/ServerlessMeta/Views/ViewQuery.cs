using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace ServerlessMeta.Views;

/// <summary>
/// What a table of runs shows, in the words of its page's address: <c>filter</c>, <c>order</c>, <c>columns</c>, <c>group</c>, <c>more</c> and <c>less</c> as searches write them, <c>view</c> (charts),
/// <c>stage</c> (deleted), and of charts <c>runs</c>, <c>metric</c>, <c>x</c>, <c>top</c>, <c>band</c>, <c>smooth</c>, <c>log</c>. Nothing said: all runs, as the page begins.
/// </summary>
public sealed record ViewQuery
{
    public const string Charts = "charts";
    public const string Deleted = "deleted";

    public string? Filter { get; init; }

    /// <summary>Fields by comma, each with its direction.</summary>
    public string? Order { get; init; }

    /// <summary>Fields by comma.</summary>
    public string? Columns { get; init; }

    /// <summary>A param or tag in whose values runs are taken together.</summary>
    public string? Group { get; init; }

    /// <summary><see cref="Charts"/>, or null for the table.</summary>
    public string? View { get; init; }

    /// <summary><see cref="Deleted"/>, or null for runs that are not.</summary>
    public string? Stage { get; init; }

    /// <summary>Metrics by comma of which more is better, whatever their names say.</summary>
    public string? More { get; init; }

    /// <summary>Metrics by comma of which less is better, whatever their names say.</summary>
    public string? Less { get; init; }

    /// <summary>Runs by comma that are charted; null: the first ones.</summary>
    public string? Runs { get; init; }

    /// <summary>The metric whose lines are drawn.</summary>
    public string? Metric { get; init; }

    /// <summary>What lines are drawn over: <c>step</c>, <c>relative</c> or <c>time</c>.</summary>
    public string? X { get; init; }

    /// <summary>How many of the first runs are drawn.</summary>
    public string? Top { get; init; }

    /// <summary>A param whose values make bands.</summary>
    public string? Band { get; init; }

    /// <summary>How much lines are smoothed, from 0 to 0.98.</summary>
    public string? Smooth { get; init; }

    /// <summary><c>on</c> for a logarithmic axis.</summary>
    public string? Log { get; init; }

    /// <summary>What is said, in the order in which an address has it; charts' own where charts are shown.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, string Value)> Parts =>
        All.Where(static one => one.Value is not null).Select(static one => (one.Name, one.Value!));

    /// <summary>The part of an address that says it, from its question mark; escaped, so each character is a byte.</summary>
    public string ToAddress() => QueryString.Create(Parts.Select(static part => KeyValuePair.Create(part.Name, (string?)part.Value))).ToUriComponent();

    /// <summary>The parts that say how lines are drawn, which pages change without asking for another.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, string Value)> Lines => Parts.Where(static part => LineNames.Contains(part.Name));

    public static ImmutableArray<string> LineNames { get; } = [.. new ViewQuery().OfLines.Select(static one => one.Name)];

    public ViewQuery WithoutLines() => this with { Metric = null, X = null, Top = null, Band = null, Smooth = null, Log = null };

    internal static string[] Names { get; } = [.. new ViewQuery().All.Select(static one => one.Name)];

    private IEnumerable<(string Name, string? Value)> All =>
    [
        ("filter", Filter), ("order", Order), ("columns", Columns), ("group", Group), ("view", View), ("stage", Stage), ("more", More), ("less", Less),
        .. OfCharts.Select(one => (one.Name, View == Charts ? one.Value : null)),
    ];

    private IEnumerable<(string Name, string? Value)> OfCharts =>
        [("runs", Runs), .. OfLines];

    private IEnumerable<(string Name, string? Value)> OfLines =>
        [("metric", Metric), ("x", X), ("top", Top), ("band", Band), ("smooth", Smooth), ("log", Log)];

    /// <summary>Makes one of what a reader has under each name; what is blank is not said.</summary>
    public static ViewQuery Of(Func<string, string?> read)
    {
        return new ViewQuery
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
            Metric = Text("metric"),
            X = Text("x"),
            Top = Text("top"),
            Band = Text("band"),
            Smooth = Text("smooth"),
            Log = Text("log"),
        };

        string? Text(string name) => read(name)?.Trim() is { Length: > 0 } text ? text : null;
    }
}
