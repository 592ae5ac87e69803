using System.Collections.Immutable;
using ServerlessMeta.Access;
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

    /// <summary>Who reads; null for who does not say so, where nobody signs in.</summary>
    public required string? Reader { get; init; }

    /// <summary>Where the store is.</summary>
    public required string Store { get; init; }

    public string Api => $"/api/v1{Link.Path}/views";

    /// <summary>What the saved view says of lines, as an address says it.</summary>
    public string Lines => Shown is null ? "" : string.Join('&', Shown.Content.Query.Lines.Select(static part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"));

    /// <param name="all">The views to choose from.</param>
    /// <param name="shown">The view that the page began with, if it is there; it may be none of them.</param>
    /// <param name="link">What the page shows.</param>
    /// <param name="asked">That as it would be saved; null when it cannot be.</param>
    /// <param name="store">Where the store is.</param>
    internal static ViewsModel Of(ImmutableArray<SavedView> all, SavedView? shown, TableLink link, ViewQuery? asked, string store)
    {
        var caller = Caller.Current;
        // The tabs of a page that nobody saved are no change of it.
        var (now, then) = shown is null ? (asked is null ? null : asked with { View = null, Stage = null }, new ViewQuery()) : (asked, shown.Content.Query);
        return new ViewsModel
        {
            Link = link,
            Shared = [.. all.Where(static view => view.Content.IsShared)],
            Own = [.. all.Where(static view => !view.Content.IsShared)],
            Shown = shown,
            IsChanged = now?.WithoutLines() != then.WithoutLines(),
            IsRedrawn = shown is not null && asked is not null && !asked.Lines.SequenceEqual(then.Lines),
            MayChange = shown?.IsChangedBy(caller) is true && caller.Role >= Role.Writer,
            MaySave = caller.Role >= Role.Writer,
            Reader = caller is { Name: "local", Source: "local" } ? null : caller.Name,
            Store = store,
        };
    }
}
