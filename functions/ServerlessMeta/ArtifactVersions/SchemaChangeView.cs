using System.Collections.Immutable;

namespace ServerlessMeta.ArtifactVersions;

/// <summary>How a schema changed: column by column where both are lists of columns, else <c>columnsKnown</c> is false.</summary>
public sealed record SchemaChangeView(bool ColumnsKnown, ImmutableArray<ColumnView> Added, ImmutableArray<ColumnView> Removed, ImmutableArray<ChangeView> Changed)
{
    internal static SchemaChangeView Of(ImmutableArray<TextChange>? columns) => columns is not { } changes
        ? new(false, [], [], [])
        : new(
            true,
            [.. changes.Where(static change => change.From is null).Select(static change => new ColumnView(change.Name, change.To!))],
            [.. changes.Where(static change => change.To is null).Select(static change => new ColumnView(change.Name, change.From!))],
            [.. changes.Where(static change => change is { From: not null, To: not null }).Select(ChangeView.Of)]);
}
