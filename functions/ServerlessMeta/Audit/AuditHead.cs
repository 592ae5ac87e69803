using Azure.Data.Tables;

namespace ServerlessMeta.Audit;

/// <summary>The end of an object's chain of entries. It stands in the object's own row (<c>an ah aa</c>), whose ETag guards the chain.</summary>
/// <param name="Number">The number of the last entry; 0 when there is none.</param>
/// <param name="Hash">SHA-256 of the last entry; 32 zero bytes when there is none.</param>
/// <param name="At">When it was made. The next is never earlier, whatever the clock of its instance says.</param>
internal sealed record AuditHead(long Number, byte[] Hash, DateTimeOffset At)
{
    private const string NumberProperty = "an";
    private const string HashProperty = "ah";
    private const string AtProperty = "aa";

    public static AuditHead None { get; } = new(0, new byte[32], DateTimeOffset.UnixEpoch);

    /// <summary>The columns that a reader of heads asks for.</summary>
    public static string[] Columns { get; } = [NumberProperty, HashProperty, AtProperty];

    /// <summary>The head in an object's row; rows from before the audit have none.</summary>
    public static AuditHead Of(TableEntity row) => row.GetInt64(NumberProperty) is { } number
        ? new(number, row.GetBinary(HashProperty), row.GetDateTimeOffset(AtProperty)!.Value)
        : None;

    /// <summary>The same of a row that anyone may have changed; null when it cannot be read.</summary>
    public static AuditHead? TryOf(TableEntity row) =>
        !row.TryGetValue(NumberProperty, out var number) || number is null ? None
        : number is long count && row.TryGetValue(AtProperty, out var at) && at is DateTimeOffset moment && row.TryGetValue(HashProperty, out var hash)
            ? hash switch { byte[] bytes => new AuditHead(count, bytes, moment), BinaryData data => new AuditHead(count, data.ToArray(), moment), _ => null }
            : null;

    public void Write(TableEntity row)
    {
        row[NumberProperty] = Number;
        row[HashProperty] = Hash;
        row[AtProperty] = At;
    }

    /// <summary>Whether a property is the audit's own, and so no part of a record's digest.</summary>
    public static bool Owns(string property) => property is NumberProperty or HashProperty or AtProperty;
}
