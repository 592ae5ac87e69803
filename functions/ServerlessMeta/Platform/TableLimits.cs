using System.Text;
using Azure.Data.Tables;

namespace ServerlessMeta.Platform;

/// <summary>Azure's limits on rows, checked here because Azurite accepts more than Azure does.</summary>
internal static class TableLimits
{
    public const int TransactionRows = 100;
    public const int TransactionBytes = 4 * 1024 * 1024;
    public const int RowBytes = 1024 * 1024;
    public const int OwnProperties = 252;
    public const int PropertyBytes = 64 * 1024;
    public const int KeyCharacters = 512;
    public const int KeyBytes = 1024;

    /// <summary>What the row weighs by Azure's formula: 4 + 2 × key characters + the sum over properties of 8 + 2 × name characters + size.</summary>
    /// <exception cref="InvalidOperationException">The row breaks a limit: a bug of ours, for stores refuse such input first.</exception>
    public static int Weigh(TableEntity row)
    {
        var bytes = 4 + (2 * (row.PartitionKey.Length + row.RowKey.Length));
        var own = 0;
        foreach (var (name, value) in row)
        {
            if (value is null || name is "PartitionKey" or "RowKey" or "odata.etag" or "Timestamp")
            {
                continue;
            }
            own++;
            var size = SizeOf(value);
            Require(size <= PropertyBytes, $"property '{name}' has {size} bytes");
            bytes += 8 + (2 * name.Length) + size;
        }
        Require(own <= OwnProperties, $"a row has {own} properties");
        Require(bytes <= RowBytes, $"a row has {bytes} bytes");
        Require(IsKey(row.PartitionKey) && IsKey(row.RowKey), "a key has characters that Azure refuses");
        return bytes;
    }

    private static int SizeOf(object value) => value switch
    {
        string text => 4 + (2 * text.Length),
        byte[] bytes => 4 + bytes.Length,
        BinaryData data => 4 + data.ToMemory().Length,
        bool => 1,
        int => 4,
        _ => 8,
    };

    private static bool IsKey(string key) => key.Length <= KeyCharacters
        && !key.AsSpan().ContainsAny("/\\#?") && !key.Any(static c => char.IsControl(c)) && Encoding.UTF8.GetByteCount(key) <= KeyBytes;

    private static void Require(bool kept, string broken)
    {
        if (!kept)
        {
            throw new InvalidOperationException($"Azure Table Storage would refuse this write: {broken}.");
        }
    }
}
