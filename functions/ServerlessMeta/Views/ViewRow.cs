using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Views;

/// <summary>A view as a row; what it shows as packed pairs of name and text.</summary>
internal static class ViewRow
{
    private const int Schema = 1;

    public static TableEntity From(SavedView view)
    {
        var row = new TableEntity(ViewKeys.Partition, ViewKeys.View(view.Experiment, view.Id))
        {
            ["v"] = Schema,
            ["name"] = view.Content.Name,
            ["query"] = PackedFields.Encode([.. view.Content.Query.Parts.Select(static part => new Tag(part.Name, part.Value))]),
            ["shared"] = view.Content.IsShared,
            ["owner"] = view.Owner,
            ["created"] = view.CreatedAt,
            ["updated"] = view.UpdatedAt,
            ["by"] = view.UpdatedBy,
            ["rev"] = view.Revision,
        };
        if (view.Content.Description is { } description)
        {
            row["description"] = description;
        }
        return row;
    }

    /// <summary>Whether it can be read here; newer code may have written rows that cannot.</summary>
    public static bool IsKnown(TableEntity row) => row.GetInt32("v") is Schema;

    /// <summary>Who owns the view of a row, whichever code wrote it.</summary>
    public static string OwnerOf(TableEntity row) => row.GetString("owner");

    public static SavedView To(TableEntity row)
    {
        if (!IsKnown(row))
        {
            throw new InvalidDataException($"View row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        var parts = new List<Tag>();
        PackedFields.Decode(row.GetBinary("query"), parts);
        var (experiment, id) = ViewKeys.Read(row.RowKey);
        return new SavedView
        {
            Experiment = experiment,
            Id = id,
            Content = new ViewContent(row.GetString("name"), row.GetString("description"), ViewQuery.Of(name => parts.Find(part => part.Key == name).Value), row.GetBoolean("shared")!.Value),
            Owner = row.GetString("owner"),
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            UpdatedAt = row.GetDateTimeOffset("updated")!.Value,
            UpdatedBy = row.GetString("by"),
            Revision = row.GetInt64("rev")!.Value,
        };
    }

    /// <summary>The row that guards the views of an experiment.</summary>
    public static TableEntity Home(string rowKey) => new(ViewKeys.Partition, rowKey) { ["v"] = Schema };
}
