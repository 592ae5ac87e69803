using Azure.Data.Tables;
using ServerlessMeta.Models;

namespace ServerlessMeta.ModelCards;

/// <summary>A written part as a row; its text as UTF-8 in <c>text</c>.</summary>
internal static class CardSectionRow
{
    private const int Schema = 1;

    public static TableEntity From(long model, CardSection section) => new(ModelKeys.Partition, CardSectionKeys.Section(model, section))
    {
        ["v"] = Schema,
        ["name"] = section.Name,
        ["version"] = section.Version,
        ["rev"] = section.Revision,
        ["text"] = System.Text.Encoding.UTF8.GetBytes(section.Text),
        ["author"] = section.Author,
        ["at"] = section.At,
    };

    public static CardSection To(TableEntity row) => row.GetInt32("v") is not Schema ? throw new InvalidDataException($"Card row '{row.RowKey}' has an unknown version; newer code wrote it.") : new(
        row.GetString("name"), row.GetInt32("version")!.Value, row.GetInt64("rev")!.Value, System.Text.Encoding.UTF8.GetString(row.GetBinary("text")), row.GetString("author"), row.GetDateTimeOffset("at")!.Value);
}
