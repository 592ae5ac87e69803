using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;
using ServerlessMeta.Platform;
using ServerlessMeta.Webhooks;

namespace ServerlessMeta.Triggers;

/// <summary>Rules. A rule is set whole; each change is one transaction with its audit entry.</summary>
public sealed partial class RuleStore
{
    public const string Kind = "Rule";

    private readonly TriggerTable table;
    private readonly RuleTargets targets;
    private readonly WebhookStore webhooks;
    private readonly ILogger<RuleStore> logger;

    internal RuleStore(TriggerTable table, RuleTargets targets, WebhookStore webhooks, ILogger<RuleStore> logger) => (this.table, this.targets, this.webhooks, this.logger) = (table, targets, webhooks, logger);

    /// <summary>Whether a text can be a rule's id.</summary>
    public static bool IsId(string id) => IdPattern.IsMatch(id) && id != "defaults";

    /// <summary>Sets a rule: five operations. One that says the same is no change.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="definition">The whole rule.</param>
    /// <param name="expected">The revision that the caller saw, 0 for none: when it is another that says something else, <see cref="Failure.Conflict"/>. Null: whatever it is.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public async Task<Result<(Rule Rule, bool IsNew)>> PutAsync(string id, RuleDefinition definition, int? expected, CancellationToken ct)
    {
        var json = RuleText.Write(definition);
        if (json.Length > RuleText.HighestBytes)
        {
            return new Failure.Invalid("body", string.Create(CultureInfo.InvariantCulture, $"A rule has up to {RuleText.HighestBytes} bytes as it is kept; this one has {json.Length}."));
        }
        var resolved = await targets.ResolveAsync(definition.Target, ct);
        if (!resolved.IsOk)
        {
            return resolved.Failure;
        }
        if ((await RefuseHooksAsync(definition, ct) ?? await targets.RefuseBaselinesAsync(definition, ct)) is { } refused)
        {
            return refused;
        }
        return await ChangeAsync<(Rule, bool)>(id, (stored, change) =>
        {
            var before = stored is null ? null : RuleRow.To(stored);
            var present = before is { IsGone: false } ? before : null;
            // Before the revision is looked at: the answer to this request may have been lost.
            if (present is not null && present.Target == resolved.Value.Key && RuleText.Write(present.Definition).AsSpan().SequenceEqual(json))
            {
                return ((present, false), false);
            }
            if (expected is { } seen && seen != (present?.Revision ?? 0))
            {
                return (new Failure.Conflict(Kind, id), false);
            }
            var rule = new Rule
            {
                Id = id,
                Revision = (before?.Revision ?? 0) + 1,
                Definition = definition,
                Target = resolved.Value.Key,
                Model = resolved.Value.Model,
                CreatedAt = present?.CreatedAt ?? change.At,
                UpdatedAt = change.At,
                UpdatedBy = change.By.Name,
            };
            change.Set(rule);
            change.Note(present is null ? "rule.create" : "rule.update", ("revision", rule.Revision.ToString(CultureInfo.InvariantCulture)), ("target", rule.Target), ("mode", RuleWords.Of(definition.Mode)));
            return ((rule, present is null), true);
        }, ct);
    }

    /// <summary>Deletes a rule; its number, its audit and its triggers stay.</summary>
    public Task<Result<Rule>> DeleteAsync(string id, int? expected, CancellationToken ct) => ChangeAsync<Rule>(id, (stored, change) =>
    {
        if (stored is null || RuleRow.To(stored) is not { IsGone: false } present)
        {
            return (new Failure.NotFound(Kind, id), false);
        }
        if (expected is { } seen && seen != present.Revision)
        {
            return (new Failure.Conflict(Kind, id), false);
        }
        var gone = present with { Revision = present.Revision + 1, IsGone = true, UpdatedAt = change.At, UpdatedBy = change.By.Name };
        change.Set(gone);
        change.Note("rule.delete", ("revision", gone.Revision.ToString(CultureInfo.InvariantCulture)));
        return (gone, true);
    }, ct);

    public async Task<Rule?> FindAsync(string id, CancellationToken ct) => IsId(id) && await table.FindAsync(TriggerKeys.Rule(id), ct) is { } row && RuleRow.To(row) is { IsGone: false } rule ? rule : null;

    /// <summary>Rules, in no order that says anything.</summary>
    /// <param name="model">The number of a model; null: all.</param>
    public async Task<Result<Paged<Rule>>> ListAsync(long? model, int size, string? pageToken, CancellationToken ct)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"rules\n{model}");
        var after = PageToken.Read(query, pageToken);
        var (from, below) = TriggerKeys.Rules;
        if (!after.IsOk || (after.Value is { } last && !PageToken.IsWithin(last, from, below)))
        {
            return new Failure.Invalid("pageToken", after.Failure?.Detail ?? PageToken.Elsewhere);
        }
        var found = ImmutableArray.CreateBuilder<Rule>();
        var also = model is { } number ? TableClient.CreateQueryFilter($"gone eq {false} and model eq {number}") : TableClient.CreateQueryFilter($"gone eq {false}");
        await foreach (var row in table.QueryAsync((after.Value is { } place ? place + ' ' : from, below), also, null, Math.Min(1000, size + 1), ct))
        {
            if (found.Count == size)
            {
                return new Paged<Rule>(found.ToImmutable(), PageToken.Write(query, TriggerKeys.Rule(found[^1].Id)));
            }
            found.Add(RuleRow.To(row));
        }
        return new Paged<Rule>(found.ToImmutable(), null);
    }

    /// <summary>The rules that are on and watch a target; null: all that are on. One operation for a thousand.</summary>
    internal async Task<List<Rule>> ListOnAsync(string? target, CancellationToken ct)
    {
        var rules = new List<Rule>();
        var also = target is null ? TableClient.CreateQueryFilter($"off eq {false}") : TableClient.CreateQueryFilter($"off eq {false} and target eq {target}");
        await foreach (var row in table.QueryAsync(TriggerKeys.Rules, also, null, 1000, ct))
        {
            try
            {
                rules.Add(RuleRow.To(row));
            }
            catch (Exception broken) when (broken is not OutOfMemoryException)
            {
                // Such as newer code wrote: the others go on.
                LogBroken(broken, row.RowKey);
            }
        }
        return rules;
    }

    /// <summary>What a rule remembers; null when there is no such rule.</summary>
    internal async Task<RuleState?> FindStateAsync(string id, CancellationToken ct) => await table.FindAsync(TriggerKeys.State(id), ct) is { } row ? StateRow.To(row) : null;

    internal AuditSource Audited() => new()
    {
        Kind = "rule",
        IsAlwaysAudited = true,
        // Triggers lie in the order of their time, not of their rules.
        IsOrdered = false,
        Letters = TriggerKeys.RecordLetters,
        ObjectOf = TriggerKeys.ObjectOf,
        IsHome = static rowKey => rowKey[0] == TriggerKeys.RecordLetters[0],
        RowsOf = static one => TriggerKeys.RecordsOf(one.Key),
        Partitions = ct => AuditedPartition.Of(table.Table, [TriggerKeys.Partition], ct),
        Locate = async (id, ct) => IsId(id) && await table.FindAsync(TriggerKeys.Rule(id), ["RowKey"], ct) is { } row ? new AuditedObject(new AuditedPartition(table.Table, TriggerKeys.Partition), TriggerKeys.ObjectKey(id), row.RowKey) : null,
    };

    // Writers of rules are not who may let the store call addresses: a rule names a webhook that is there.
    private async Task<Failure?> RefuseHooksAsync(RuleDefinition definition, CancellationToken ct)
    {
        for (var i = 0; i < definition.Actions.Length; i++)
        {
            if (definition.Actions[i] is not RuleAction.Webhook action)
            {
                continue;
            }
            var hook = await TriggerHooks.FindAsync(webhooks, action.SecretRef, ct);
            if (hook is null)
            {
                return new Failure.Invalid(string.Create(CultureInfo.InvariantCulture, $"actions[{i}].secretRef"), $"There is no webhook with the id or name '{action.SecretRef}'.");
            }
            if (action.Url is { } url && url != hook.Url)
            {
                return new Failure.Invalid(string.Create(CultureInfo.InvariantCulture, $"actions[{i}].url"), "The webhook has another address.");
            }
        }
        return null;
    }

    private async Task<Result<T>> ChangeAsync<T>(string id, Func<TableEntity?, RuleChange, (Result<T> Result, bool IsChanged)> prepare, CancellationToken ct)
    {
        var by = Caller.Current;
        var done = await TriggerTable.RepeatAsync<Outcome<T>>(async () =>
        {
            var stored = await table.FindAsync(TriggerKeys.Rule(id), ct);
            var state = await table.FindAsync(TriggerKeys.State(id), ct);
            var change = new RuleChange(id, stored, by, table.Now);
            var (result, isChanged) = prepare(stored, change);
            if (!isChanged)
            {
                return new Outcome<T>(result);
            }
            var (write, next) = (WriteId.New(), state is null ? new RuleState() : StateRow.To(state));
            // The state's row changes with the rule: whoever judges a window by the rule that was loses the race. What is due by a new schedule, or was while the rule was off, is not made up for.
            next = change.IsAnew ? next.Anew(change.At) : next with { ScheduledUntil = change.At, AnomaliesUntil = change.At };
            next = next with { Revision = next.Revision + 1 };
            var row = StateRow.From(id, next, write);
            change.Also(transaction => _ = state is null ? transaction.Add(row) : transaction.Replace(row, state.ETag));
            return await table.TryCommitAsync(change.To(table.Begin(), write), change.Witness, write) ? new Outcome<T>(result) : null;
        }, ct);
        return done is null ? new Failure.Busy(Kind, id, TimeSpan.FromSeconds(2)) : done.Result;
    }

    private sealed record Outcome<T>(Result<T> Result);

    [LoggerMessage(EventId = 2241, Level = LogLevel.Error, Message = "The rule in row {Row} cannot be read; it watches nothing.")]
    private partial void LogBroken(Exception broken, string row);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern { get; }
}
