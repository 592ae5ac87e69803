using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Approvals;
using ServerlessMeta.Models;

namespace ServerlessMeta.Policies;

/// <summary>A decision as a row: the conditions and the versions as zipped JSON in <c>z0 z1 ..</c>.</summary>
internal static class DecisionRow
{
    private const int Schema = 1;
    private const int ChunkBytes = 60 * 1024;
    private const int Chunks = 10;
    private const int HighestDetail = 2000;

    public static TableEntity From(Decision decision, string rowKey)
    {
        var row = new TableEntity(ModelKeys.Partition, rowKey)
        {
            ["v"] = Schema,
            ["rev"] = decision.Revision,
            ["target"] = decision.Target.ToString(),
            ["to"] = decision.To ?? 0,
            ["at"] = decision.At,
            ["by"] = decision.By,
            ["role"] = (int)decision.Role,
            ["policy"] = decision.Policy,
        };
        Set(row, "content", decision.Content);
        Set(row, "override", decision.OverrideReason);
        var packed = Pack(new DecisionRecord(decision.From, decision.ApprovedBy, [.. decision.Conditions.Select(static one => ConditionView.From(one with { Detail = Short(one.Detail) }))]));
        for (var chunk = 0; chunk * ChunkBytes < packed.Length; chunk++)
        {
            row[Chunk(chunk)] = packed[(chunk * ChunkBytes)..Math.Min(packed.Length, (chunk + 1) * ChunkBytes)];
        }
        return row;
    }

    public static Decision To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Decision row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        using var zip = new GZipStream(new MemoryStream([.. Enumerable.Range(0, Chunks).SelectMany(chunk => row.GetBinary(Chunk(chunk)) ?? [])]), CompressionMode.Decompress);
        var record = JsonSerializer.Deserialize(zip, PoliciesJson.Default.DecisionRecord)!;
        return new Decision
        {
            Revision = row.GetInt64("rev")!.Value,
            Target = GateTarget.Parse(row.GetString("target")) ?? throw new InvalidDataException($"Decision row '{row.RowKey}' is of '{row.GetString("target")}'."),
            From = record.From,
            To = row.GetInt32("to") is > 0 and var to ? to : null,
            At = row.GetDateTimeOffset("at")!.Value,
            By = row.GetString("by"),
            Role = (Role)row.GetInt32("role")!.Value,
            Policy = row.GetInt32("policy")!.Value,
            Conditions = [.. record.Conditions.Select(static one => one.ToResult())],
            ApprovedBy = record.ApprovedBy,
            Content = row.GetString("content"),
            OverrideReason = row.GetString("override"),
        };
    }

    private static byte[] Pack(DecisionRecord record)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            JsonSerializer.Serialize(zip, record, PoliciesJson.Default.DecisionRecord);
        }
        return packed.ToArray();
    }

    private static void Set(TableEntity row, string property, string? value)
    {
        if (value is not null)
        {
            row[property] = value;
        }
    }

    // Of a hundred conditions each may name a hundred parts: the ids of the evidence stay whole.
    private static string Short(string detail) => detail.Length <= HighestDetail ? detail : detail[..HighestDetail] + "...";

    private static string Chunk(int number) => string.Create(CultureInfo.InvariantCulture, $"z{number}");
}
