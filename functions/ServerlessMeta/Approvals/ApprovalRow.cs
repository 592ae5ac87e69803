using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Models;

namespace ServerlessMeta.Approvals;

/// <summary>What a person said as a row.</summary>
internal static class ApprovalRow
{
    private const int Schema = 1;

    public static TableEntity From(Approval approval, string rowKey)
    {
        var row = new TableEntity(ModelKeys.Partition, rowKey)
        {
            ["v"] = Schema,
            ["id"] = approval.Id,
            ["decision"] = (int)approval.Decision,
            ["by"] = approval.By,
            ["role"] = (int)approval.Role,
            ["at"] = approval.At,
            ["content"] = approval.Content,
            ["author"] = approval.ByAuthor,
        };
        if (approval.Comment is { } comment)
        {
            row["comment"] = comment;
        }
        if (approval.WithdrawnBy is { } administrator)
        {
            row["withdrawnBy"] = administrator;
        }
        if (approval.For is { } target)
        {
            row["for"] = target.ToString();
        }
        return row;
    }

    public static Approval To(TableEntity row) => row.GetInt32("v") is not Schema
        ? throw new InvalidDataException($"Approval row '{row.RowKey}' has an unknown version; newer code wrote it.")
        : new Approval
        {
            Id = row.GetInt64("id")!.Value,
            Version = ModelKeys.VersionOf(row.RowKey),
            Decision = (ApprovalDecision)row.GetInt32("decision")!.Value,
            By = row.GetString("by"),
            Role = (Role)row.GetInt32("role")!.Value,
            At = row.GetDateTimeOffset("at")!.Value,
            Content = row.GetString("content"),
            ByAuthor = row.GetBoolean("author")!.Value,
            Comment = row.GetString("comment"),
            WithdrawnBy = row.GetString("withdrawnBy"),
            For = row.GetString("for") is { } target ? GateTarget.Parse(target) ?? throw new InvalidDataException($"Approval row '{row.RowKey}' is for '{target}'.") : null,
        };
}
