using Azure.Data.Tables;

namespace ServerlessMeta.Benchmarks.Rows;

/// <summary>What Azure bills a row as: 4 + 2 x the characters of its keys, and for each property 8 + 2 x its name + its value.</summary>
internal static class EntitySize
{
    public static long Of(TableEntity row) => 4 + (2 * (row.PartitionKey.Length + row.RowKey.Length)) + row.Where(static property => !IsSystem(property.Key)).Sum(static property => 8L + (2 * property.Key.Length) + Of(property.Value));

    private static bool IsSystem(string name) => name is "PartitionKey" or "RowKey" or "Timestamp" || name.StartsWith("odata.", StringComparison.Ordinal);

    private static long Of(object value) => value switch
    {
        string text => 4 + (2 * text.Length),
        byte[] bytes => 4 + bytes.Length,
        BinaryData bytes => 4 + bytes.ToMemory().Length,
        bool => 1,
        int => 4,
        Guid => 16,
        _ => 8,
    };
}
