using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Audit;

/// <summary>
/// The entries of one commit of one object. The transaction that changes the object's row writes <see cref="Head"/> into it and adds <see cref="Rows"/>: so an entry
/// is there exactly when its change is, and the row's ETag keeps the chain single.
/// </summary>
/// <param name="objectKey">The part of the object's row key that names it in its partition; safe in a key.</param>
/// <param name="objectId">Kind and id, as <c>run:{id}</c>.</param>
/// <param name="head">The chain's end so far.</param>
internal sealed class AuditTrail(string objectKey, string objectId, AuditHead head)
{
    private const int HighestDetail = 500;
    private const int HighestDetails = 40;
    private const int HighestLine = 24 * 1024;
    private readonly List<byte[]> lines = [];
    private readonly long first = head.Number + 1;

    public AuditHead Head { get; private set; } = head;

    public bool IsEmpty => lines.Count == 0;

    /// <summary>Whether its entries fit one row.</summary>
    public bool Fits => lines.Sum(static line => line.Length + 1) <= AuditRow.HighestBytes;

    /// <summary>Adds an entry. Its time is never before that of the entry before it.</summary>
    public void Record(Caller by, DateTimeOffset at, string action, IEnumerable<RowChange> rows, string? name = null, params IEnumerable<KeyValuePair<string, string>> details)
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(at.ToUnixTimeMilliseconds(), Head.At.ToUnixTimeMilliseconds()));
        ImmutableArray<KeyValuePair<string, string>> told = [.. details.Select(static one => KeyValuePair.Create(Short(one.Key)!, Short(one.Value)!))];
        var entry = new AuditEntry
        {
            Object = objectId,
            Number = Head.Number + 1,
            At = moment,
            By = by.Name,
            Source = by.Source,
            Action = action,
            Name = Short(name),
            Details = told.Length > HighestDetails ? Some(told, HighestDetails - 1) : told,
            Rows = [.. rows],
            Previous = Convert.ToHexStringLower(Head.Hash),
        };
        var line = AuditLine.Write(entry);
        for (var left = Math.Min(told.Length, HighestDetails) / 2; line.Length > HighestLine && entry.Details.Length > 0; left /= 2)
        {
            // The rows are what is proven; the words give way, but never without a word.
            line = AuditLine.Write(entry with { Details = Some(told, left) });
            if (left == 0)
            {
                break;
            }
        }
        lines.Add(line);
        Head = new AuditHead(entry.Number, AuditEntry.HashOf(line), moment);
    }

    /// <summary>The rows to add to the transaction: two, whatever the number of entries.</summary>
    public IEnumerable<TableEntity> Rows(string partition, string write) => lines.Count == 0 ? [] :
    [
        AuditRow.From(partition, AuditKeys.Entry(objectKey, first), lines, write),
        AuditRow.From(partition, AuditKeys.ByTime(Head.At, objectKey, first), lines, write),
    ];

    private static ImmutableArray<KeyValuePair<string, string>> Some(ImmutableArray<KeyValuePair<string, string>> all, int count) =>
        [.. all.Take(count), KeyValuePair.Create("...", string.Create(CultureInfo.InvariantCulture, $"and {all.Length - count} more"))];

    private static string? Short(string? text) =>
        text is { Length: > HighestDetail } ? string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[HighestDetail - 1]) ? HighestDetail - 1 : HighestDetail), "...") : text;
}
