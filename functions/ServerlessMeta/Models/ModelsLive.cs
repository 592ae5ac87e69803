using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Live;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>Tells whoever follows the registry, or a model, what changed: a model's revision grows with each change of it, its versions and all that is recorded of them.</summary>
internal static class ModelsLive
{
    private const string Type = "model.changed.v1";
    private const string Subject = "models";
    private static readonly string[] Columns = ["RowKey", "name", "rev"];

    /// <summary>The registry: one operation for a thousand models.</summary>
    public static LiveSource SourceOf(StorageClients storage)
    {
        var list = new LiveList(static position => new LiveEvent("models.changed.v1", Subject, position));
        return new LiveSource
        {
            Subject = Subject,
            LookAsync = async (_, since, ct) =>
            {
                var (from, below) = ModelKeys.Models;
                var items = new List<(string, LiveEvent)>();
                await foreach (var row in storage.Models.QueryAsync<TableEntity>(
                    TableClient.CreateQueryFilter($"PartitionKey eq {ModelKeys.Partition} and RowKey ge {from} and RowKey lt {below}"), 1000, Columns, ct))
                {
                    items.Add((row.RowKey, Event(row)));
                }
                return list.Look(items, since);
            },
            IsOfAll = true,
        };
    }

    /// <summary>A model by its name: one operation, two when this instance does not know the name.</summary>
    public static LiveSource SourceOf(ModelReader reader) => new()
    {
        Subject = Subject + "/",
        LookAsync = async (name, since, ct) => await reader.FindHomeAsync(name, ct) is { } row
            ? LiveLook.Of(since, string.Create(CultureInfo.InvariantCulture, $"{ModelKeys.ModelOf(row.RowKey)}.{row.GetInt64("rev")}"), Event(row))
            : new Failure.NotFound("Registered model", name),
    };

    private static LiveEvent Event(TableEntity row) =>
        new(Type, $"{Subject}/{row.GetString("name")}", row.GetInt64("rev")!.Value.ToString(CultureInfo.InvariantCulture)) { Data = new LiveData(row.GetString("name"), null, row.GetInt64("rev")) };
}
