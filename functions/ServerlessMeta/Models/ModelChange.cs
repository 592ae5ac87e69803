using Azure.Data.Tables;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Models;

/// <summary>
/// One change of a registered model, its versions and all that is recorded of them, prepared on what is stored and then committed in one transaction that the model's
/// row guards. It may be prepared anew when another writer was first, so it must be made from what it finds.
/// </summary>
internal sealed class ModelChange
{
    private readonly TableEntity? stored;
    private readonly ModelReader reader;
    private readonly Dictionary<string, (TableEntity? Before, TableEntity? After)> records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TableEntity> versionRows = new(StringComparer.Ordinal);
    private readonly List<Action<GroupTransaction>> others = [];
    private readonly List<ModelEvent> events = [];
    private readonly List<KeyValuePair<string, string>> details = [];
    private string? action;

    public ModelChange(TableEntity? stored, RegisteredModel model, ModelReader reader, Caller by, DateTimeOffset now)
    {
        (this.stored, this.reader, By) = (stored, reader, by);
        var head = stored is null ? AuditHead.None : AuditHead.Of(stored);
        At = now > head.At ? now : head.At;
        Trail = new AuditTrail(ModelKeys.ObjectKey(model.Number), $"model:{model.Number}", head);
        Before = model;
        Model = model with { Revision = model.Revision + 1, UpdatedAt = At };
    }

    /// <summary>The model as it is stored.</summary>
    public RegisteredModel Before { get; }

    /// <summary>Who changes it.</summary>
    public Caller By { get; }

    /// <summary>When: in milliseconds, and never before the change before it.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The model as it will be.</summary>
    public RegisteredModel Model { get; set; }

    public bool HasEvents => events.Count > 0;

    private AuditTrail Trail { get; }

    /// <summary>Says what the change is; without it nothing is written. Said twice, the last counts.</summary>
    public void Note(string what, params IEnumerable<KeyValuePair<string, string>> more)
    {
        action = what;
        details.AddRange(more);
    }

    /// <summary>Tells more of the change, in its audit entry.</summary>
    public void Tell(params IEnumerable<KeyValuePair<string, string>> more) => details.AddRange(more);

    /// <summary>A row of the model's partition as it is stored; what is a record of this model is guarded by the change.</summary>
    public Task<TableEntity?> FindRowAsync(string rowKey, CancellationToken ct) => reader.FindRowAsync(rowKey, ct);

    public bool IsNoted => action is not null;

    /// <summary>A version as it is stored; null when there is none, or it was deleted.</summary>
    public async Task<ModelVersion?> FindVersionAsync(int number, CancellationToken ct)
    {
        if (!Model.Has(number) || await reader.FindRowAsync(ModelKeys.Version(Model.Number, number), ct) is not { } row)
        {
            return null;
        }
        versionRows[row.RowKey] = row;
        return ModelVersionRow.To(row);
    }

    /// <summary>A new version, or one that <see cref="FindVersionAsync"/> gave and that changed.</summary>
    public void Put(ModelVersion version)
    {
        var row = ModelVersionRow.From(version, Model.Revision);
        Record(row, versionRows.GetValueOrDefault(row.RowKey));
        Record(Copy(row, ModelKeys.History(Model.Number, version.Number, At, Model.Revision)), null);
    }

    /// <summary>A record of another feature; its key's second part is <see cref="ModelKeys.ObjectKey"/>.</summary>
    /// <param name="row">As it will be.</param>
    /// <param name="before">As it is stored; null: it must not exist yet.</param>
    public void Record(TableEntity row, TableEntity? before) => records[row.RowKey] = (before, row);

    /// <summary>Removes a record that is stored.</summary>
    public void Remove(TableEntity before) => records[before.RowKey] = (before, null);

    /// <summary>A further step that is no record: claims and the like.</summary>
    public void Also(Action<GroupTransaction> step) => others.Add(step);

    public void Emit(string entity, string what, params IEnumerable<KeyValuePair<string, string?>> data) =>
        events.Add(new ModelEvent(ModelEventRow.IdOf(Model.Number, Model.Revision, events.Count), entity, what, At, [.. data]));

    /// <summary>The transaction; the model's row is its first step.</summary>
    /// <param name="storage">Where.</param>
    /// <param name="write">The id of the write.</param>
    /// <param name="message">By which the change came; null: by none.</param>
    public GroupTransaction ToTransaction(StorageClients storage, string write, Receipt? message)
    {
        var home = ModelRow.From(Model);
        Record(Copy(home, ModelKeys.History(Model.Number, 0, At, Model.Revision)), null);
        List<RowChange> rows = [new(home.RowKey, stored is null ? null : RowDigest.Of(stored), RowDigest.Of(home))];
        rows.AddRange(records.Select(static one => new RowChange(one.Key, one.Value.Before is { } before ? RowDigest.Of(before) : null, one.Value.After is { } after ? RowDigest.Of(after) : null)));
        Trail.Record(By, At, action!, rows, Model.Name, details);
        Trail.Head.Write(home);
        home[WriteId.Property] = write;
        var transaction = new GroupTransaction(storage.Models, ModelKeys.Partition);
        _ = stored is null ? transaction.Add(home) : transaction.Replace(home, stored.ETag);
        foreach (var (rowKey, (before, after)) in records)
        {
            // The model's row guards them: nobody writes them without it.
            _ = after is null ? transaction.Remove(rowKey) : before is null ? transaction.Add(after) : transaction.Put(after);
        }
        others.ForEach(step => step(transaction));
        if (message is not null)
        {
            transaction.Add(message.In(ModelKeys.Partition));
        }
        for (var number = 0; number < events.Count; number++)
        {
            transaction.Add(ModelEventRow.From(events[number], ModelKeys.Event(Model.Number, Model.Revision, number)));
        }
        foreach (var row in Trail.Rows(ModelKeys.Partition, write))
        {
            transaction.Add(row);
        }
        return transaction;
    }

    /// <summary>The key of the audit entry that the change writes: whose write it has, won.</summary>
    public string EntryKey => AuditKeys.Entry(ModelKeys.ObjectKey(Model.Number), (stored is null ? 0 : AuditHead.Of(stored).Number) + 1);

    private static TableEntity Copy(TableEntity row, string rowKey)
    {
        var copy = new TableEntity(row.PartitionKey, rowKey);
        foreach (var (name, value) in row)
        {
            if (name is not ("PartitionKey" or "RowKey" or "odata.etag" or "Timestamp"))
            {
                copy[name] = value;
            }
        }
        return copy;
    }
}
