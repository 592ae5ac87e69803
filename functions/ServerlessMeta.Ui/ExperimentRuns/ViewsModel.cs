using System.Collections.Immutable;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;
using ServerlessMeta.Views;

namespace ServerlessMeta.Ui.ExperimentRuns;

/// <summary>The saved views of an experiment's runs, and what the page shows of them.</summary>
public sealed record ViewsModel
{
    /// <summary>What the page shows.</summary>
    public required TableLink Link { get; init; }

    /// <summary>The views that everyone sees.</summary>
    public required ImmutableArray<SavedView> Shared { get; init; }

    /// <summary>The views that the reader alone sees.</summary>
    public required ImmutableArray<SavedView> Own { get; init; }

    /// <summary>The view that the page began with; null: all runs.</summary>
    public SavedView? Shown { get; init; }

    /// <summary>Whether the page shows something else by now, apart from what charts are set to.</summary>
    public required bool IsChanged { get; init; }

    /// <summary>Whether charts are set to something else.</summary>
    public required bool IsRedrawn { get; init; }

    /// <summary>Whether the reader may change the view that is shown.</summary>
    public required bool MayChange { get; init; }

    /// <summary>Whether the reader may save views at all.</summary>
    public required bool MaySave { get; init; }

    /// <summary>Who reads; null when nobody signs in, so that all are one.</summary>
    public required string? Reader { get; init; }

    /// <summary>Where the store is.</summary>
    public required string Store { get; init; }

    public string Api => $"/api/v1{Link.Path}/views";

    /// <summary>What the saved view says of lines, as an address says it.</summary>
    public string Lines => Shown is null ? "" : string.Join('&', LinesOf(Shown.Content.Query).Parts.Where(static part => part.Name is not "view").Select(static part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"));

    internal static ViewsModel Of(ImmutableArray<SavedView> all, TableLink link, FieldSchema schema, string store)
    {
        var caller = Caller.Current;
        var shown = all.FirstOrDefault(view => view.Id.ToString() == link.Saved);
        // What cannot be read is no saved view.
        var asked = ViewTerms.Settle(link.Asked, link.Experiment, schema).Query;
        // The tabs of a page that nobody saved are no change of it.
        var (now, then) = shown is null ? (asked is null ? null : asked with { View = null, Stage = null }, new ViewQuery()) : (asked, shown.Content.Query);
        return new ViewsModel
        {
            Link = link,
            Shared = [.. all.Where(static view => view.Content.IsShared)],
            Own = [.. all.Where(static view => !view.Content.IsShared)],
            Shown = shown,
            IsChanged = now is null || WithoutLines(now) != WithoutLines(then),
            IsRedrawn = shown is not null && asked is not null && LinesOf(asked) != LinesOf(then),
            MayChange = shown?.IsChangedBy(caller) is true && caller.Role >= Role.Writer,
            MaySave = caller.Role >= Role.Writer,
            Reader = caller is { Name: "local", Source: "local" } ? null : caller.Name,
            Store = store,
        };
    }

    private static ViewQuery WithoutLines(ViewQuery query) => query with { Metric = null, X = null, Top = null, Band = null, Smooth = null, Log = null };

    private static ViewQuery LinesOf(ViewQuery query) =>
        new() { View = query.View, Metric = query.Metric, X = query.X, Top = query.Top, Band = query.Band, Smooth = query.Smooth, Log = query.Log };
}
