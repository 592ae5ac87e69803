using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Comments;

/// <summary>A comment as a row; mentions as packed pairs of name and Unix milliseconds.</summary>
internal static class CommentRow
{
    private const int Schema = 1;

    public static TableEntity From(Comment comment)
    {
        var row = new TableEntity(CommentKeys.Partition, CommentKeys.Comment(comment.Subject, comment.Number))
        {
            ["v"] = Schema,
            ["number"] = comment.Number,
            ["author"] = comment.Author,
            ["created"] = comment.CreatedAt,
            ["rev"] = comment.Revision,
            ["mentions"] = PackedFields.Encode([.. comment.Mentions.Select(static one => new Tag(one.Name, one.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)))]),
        };
        Set(row, "text", comment.Text);
        Set(row, "reply", comment.ReplyTo);
        Set(row, "edited", comment.EditedAt);
        Set(row, "deleted", comment.DeletedAt);
        Set(row, "deleter", comment.DeletedBy);
        return row;
    }

    public static Comment To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Comment row '{row.RowKey}' has an unknown version.");
        }
        var mentions = new List<Tag>();
        PackedFields.Decode(row.GetBinary("mentions"), mentions);
        return new Comment
        {
            Subject = CommentKeys.SubjectOfComment(row.RowKey),
            Number = row.GetInt64("number")!.Value,
            Author = row.GetString("author"),
            Text = row.GetString("text"),
            ReplyTo = row.GetInt64("reply"),
            CreatedAt = row.GetDateTimeOffset("created")!.Value,
            EditedAt = row.GetDateTimeOffset("edited"),
            DeletedAt = row.GetDateTimeOffset("deleted"),
            DeletedBy = row.GetString("deleter"),
            Mentions = [.. mentions.Select(static one => new Mention(one.Key, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(one.Value, CultureInfo.InvariantCulture))))],
            Revision = row.GetInt64("rev")!.Value,
        };
    }

    private static void Set(TableEntity row, string property, object? value)
    {
        if (value is not null)
        {
            row[property] = value;
        }
    }
}
