using Azure.Data.Tables;

namespace ServerlessMeta.Comments;

/// <summary>What is commented on as a row: how many comments it has got, deleted ones too.</summary>
internal static class SubjectRow
{
    public static TableEntity From(CommentSubject subject, long last) => new(CommentKeys.Partition, CommentKeys.Subject(subject)) { ["last"] = last };

    public static long LastOf(TableEntity? row) => row?.GetInt64("last") ?? 0;
}
