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
        var broken = Broken(row, out var bytes);
        return broken is null ? bytes : throw new InvalidOperationException($"Azure Table Storage would refuse this write: {broken}.");
    }

    // What a request says of a row and of a property beside what is in them.
    private const int RowOverhead = 1024;
    private const int PropertyOverhead = 48;

    /// <summary>Whether the rows keep every limit and fit one transaction, also as the body that is sent: base64 takes four bytes for three, and a letter up to six.</summary>
    public static bool Fit(IReadOnlyCollection<TableEntity> rows)
    {
        var total = 0;
        foreach (var row in rows)
        {
            if (Broken(row, out _) is not null)
            {
                return false;
            }
            total += RowOverhead + row.Sum(static property => PropertyOverhead + (2 * property.Key.Length) + property.Value switch
            {
                byte[] binary => (binary.Length + 2) / 3 * 4,
                string text => 6 * text.Length,
                _ => 32,
            });
        }
        return rows.Count <= TransactionRows && total <= TransactionBytes;
    }

    /// <summary>Which limit the row breaks; null: none.</summary>
    public static string? Broken(TableEntity row, out int bytes)
    {
        bytes = 4 + (2 * (row.PartitionKey.Length + row.RowKey.Length));
        var own = 0;
        foreach (var (name, value) in row)
        {
            if (value is null || name is "PartitionKey" or "RowKey" or "odata.etag" or "Timestamp")
            {
                continue;
            }
            own++;
            var size = SizeOf(value);
            if (size > PropertyBytes)
            {
                return $"property '{name}' has {size} bytes";
            }
            bytes += 8 + (2 * name.Length) + size;
        }
        if (own > OwnProperties)
        {
            return $"a row has {own} properties";
        }
        if (bytes > RowBytes)
        {
            return $"a row has {bytes} bytes";
        }
        return IsKey(row.PartitionKey) && IsKey(row.RowKey) ? null : "a key has characters that Azure refuses";
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
}
