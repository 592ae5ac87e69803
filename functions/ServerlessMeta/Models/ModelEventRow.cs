using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;

namespace ServerlessMeta.Models;

/// <summary>An event as a row of the outbox; what is told of it as JSON in <c>data</c>, UTF-8.</summary>
internal static class ModelEventRow
{
    public static TableEntity From(ModelEvent happened, string rowKey) => new(ModelKeys.Partition, rowKey)
    {
        ["id"] = happened.Id,
        ["entity"] = happened.Entity,
        ["action"] = happened.Action,
        ["at"] = happened.At,
        ["data"] = JsonSerializer.SerializeToUtf8Bytes([.. happened.Data], ModelsJson.Default.KeyValuePairStringStringArray),
    };

    public static ModelEvent To(TableEntity row) => new(
        row.GetString("id"), row.GetString("entity"), row.GetString("action"), row.GetDateTimeOffset("at")!.Value,
        JsonSerializer.Deserialize(row.GetBinary("data"), ModelsJson.Default.KeyValuePairStringStringArray)!);

    public static string IdOf(long model, long revision, int number) => string.Create(CultureInfo.InvariantCulture, $"{model}-{revision}-{number}");
}
