using System.Text.Json;
using Azure.Data.Tables;

namespace ServerlessMeta.Triggers;

/// <summary>A trigger as a row: JSON in <c>t0 t1 ..</c>, and what triggers are listed by.</summary>
internal static class TriggerRow
{
    public const string Model = "model";
    public const string Version = "version";
    public const string NewVersion = "became";
    public const string Status = "status";
    public const string Rule = "rule";
    public const string Undelivered = "undelivered";
    public const string Changed = "changed";
    private const string Suggested = "suggested";
    private const string Key = "key";
    private const string Decision = "decision";
    private const int Schema = 1;

    public static TableEntity From(Trigger trigger)
    {
        var row = new TableEntity(TriggerKeys.Partition, KeyOf(trigger))
        {
            ["v"] = Schema,
            [Rule] = trigger.Rule,
            [Model] = trigger.Model,
            [Version] = trigger.Version,
            [NewVersion] = trigger.NewVersion,
            [Status] = (int)trigger.Status,
            [Undelivered] = trigger.IsUndelivered,
        };
        RowText.Write(row, JsonSerializer.SerializeToUtf8Bytes(trigger, TriggersJson.Relaxed.Trigger));
        return row;
    }

    public static Trigger To(TableEntity row)
    {
        if (row.GetInt32("v") is not Schema)
        {
            throw new InvalidDataException($"Trigger row '{row.RowKey}' has an unknown version; newer code wrote it.");
        }
        return JsonSerializer.Deserialize(RowText.Read(row), TriggersJson.Relaxed.Trigger) ?? throw new InvalidDataException($"Trigger row '{row.RowKey}' holds no trigger.");
    }

    public static string KeyOf(Trigger trigger) => TriggerKeys.Trigger(trigger.FiredAt, trigger.Rule, trigger.Id);

    /// <summary>Says where the trigger is.</summary>
    public static TableEntity Place(Trigger trigger) => new(TriggerKeys.Partition, TriggerKeys.Place(trigger.Id)) { [Key] = KeyOf(trigger) };

    /// <summary>Says that more is waited for, and of which versions windows matter.</summary>
    /// <param name="trigger">Which.</param>
    /// <param name="isChanged">Whether windows came since it was judged.</param>
    public static TableEntity Awaited(Trigger trigger, bool isChanged) => new(TriggerKeys.Partition, TriggerKeys.Awaited(trigger.Id))
    {
        [Key] = KeyOf(trigger),
        [Model] = trigger.Model,
        [Version] = trigger.Version,
        [NewVersion] = trigger.NewVersion,
        [Changed] = isChanged,
        [Suggested] = trigger.Status is TriggerStatus.Suggested,
    };

    /// <summary>Whether it waits for somebody to follow a suggestion.</summary>
    public static bool IsSuggested(TableEntity awaited) => awaited.GetBoolean(Suggested) is true;

    /// <summary>Says that windows came, to be merged.</summary>
    public static TableEntity Changing(string awaitedKey) => new(TriggerKeys.Partition, awaitedKey) { [Changed] = true };

    public static bool IsChanged(TableEntity awaited) => awaited.GetBoolean(Changed) is true;

    /// <summary>Says that a run answers the trigger.</summary>
    public static TableEntity OfRun(Trigger trigger, string run) => new(TriggerKeys.Partition, TriggerKeys.OfRun(run)) { [Decision] = trigger.Id };

    /// <summary>The key that a place or a wait names.</summary>
    public static string KeyIn(TableEntity row) => row.GetString(Key);

    public static string DecisionIn(TableEntity row) => row.GetString(Decision);
}
