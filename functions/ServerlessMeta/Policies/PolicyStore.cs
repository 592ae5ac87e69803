using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Approvals;
using ServerlessMeta.Evaluations;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Policies;

/// <summary>What models are held to. A policy is set whole; each state of it is kept.</summary>
public sealed class PolicyStore
{
    public const string Kind = "Policy";

    private readonly ModelWriter writer;
    private readonly ModelReader reader;
    private readonly ModelRecords records;

    internal PolicyStore(ModelWriter writer, ModelReader reader, ModelRecords records) => (this.writer, this.reader, this.records) = (writer, reader, records);

    /// <summary>Sets the policy: three operations. One that says the same is no change.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="content">The whole policy; one without gates guards nothing.</param>
    /// <param name="expected">The number of the policy that the caller saw, 0 for none: when another is in force that says something else, <see cref="Failure.Conflict"/>. Null: whatever it is.</param>
    /// <param name="ct">Gives up before the commit.</param>
    public Task<Result<ModelPolicy>> PutAsync(string name, PolicyContent content, int? expected, CancellationToken ct)
    {
        var json = PolicyText.Write(content);
        return json.Length > PolicyText.HighestBytes
            ? Task.FromResult<Result<ModelPolicy>>(new Failure.Invalid("body", string.Create(CultureInfo.InvariantCulture, $"A policy has up to {PolicyText.HighestBytes} bytes as it is kept; this one has {json.Length}.")))
            : writer.ChangeAsync(name, PrepareAsync, ct);

        async Task<Result<ModelPolicy>> PrepareAsync(ModelChange change, CancellationToken stop)
        {
            var present = await FindRowAsync(change.Model.Number, null, stop);
            var number = present is null ? 0 : PolicyKeys.NumberOf(present.RowKey);
            // Before the number is looked at: the answer to this request may have been lost.
            if (present is not null && PolicyRow.JsonOf(present).AsSpan().SequenceEqual(json))
            {
                return PolicyRow.To(present);
            }
            if (expected is { } seen && seen != number)
            {
                return new Failure.Conflict(Kind, name);
            }
            var policy = new ModelPolicy { Number = number + 1, At = change.At, By = change.By.Name, Content = content };
            change.Record(PolicyRow.From(policy, json, PolicyKeys.Policy(change.Model.Number, policy.Number)), null);
            change.Model = change.Model with { Policy = content.Gates.IsEmpty ? 0 : policy.Number };
            change.Note("policy.set", new("policy", policy.Number.ToString(CultureInfo.InvariantCulture)), new("guards", string.Join(", ", content.Gates.Select(static gate => gate.Target))));
            return policy;
        }
    }

    /// <summary>The policy that is in force, or was at a moment: one operation. Null when none was ever set.</summary>
    public async Task<ModelPolicy?> FindAsync(RegisteredModel model, DateTimeOffset? asOf, CancellationToken ct) => await FindRowAsync(model.Number, asOf, ct) is { } row ? PolicyRow.To(row) : null;

    /// <summary>A state of the policy by its number.</summary>
    public async Task<ModelPolicy?> FindAsync(RegisteredModel model, int number, CancellationToken ct) =>
        number > 0 && await reader.FindRowAsync(PolicyKeys.Policy(model.Number, number), ct) is { } row ? PolicyRow.To(row) : null;

    /// <summary>The states of the policy, the present one first.</summary>
    public Task<Result<Paged<ModelPolicy>>> ListAsync(RegisteredModel model, int size, string? pageToken, CancellationToken ct) =>
        records.PageAsync(string.Create(CultureInfo.InvariantCulture, $"policies\n{model.Number}"), PolicyKeys.Policies(model.Number), size, pageToken, PolicyRow.To, ct);

    /// <summary>The policy that guards a model; null, and no operation, when none does.</summary>
    internal async Task<ModelPolicy?> FindInForceAsync(RegisteredModel model, CancellationToken ct) => model.Policy == 0 ? null
        : await FindAsync(model, model.Policy, ct) ?? throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Policy {model.Policy} of model {model.Number} is gone."));

    /// <summary>What the policy in force, or the last that was set, says of metrics.</summary>
    internal async Task<MetricDirections> DirectionsAsync(RegisteredModel model, CancellationToken ct) => await FindAsync(model, (DateTimeOffset?)null, ct) is { } policy ? policy.Directions : MetricDirections.NoPolicy;

    /// <summary>Nobody approves his own version where the policy wants others: where it does for all that the approval would be for, it is refused.</summary>
    internal async Task<Failure?> RefuseAsync(ModelChange change, ModelVersion version, NewApproval wanted, CancellationToken ct)
    {
        if (wanted.Decision is not ApprovalDecision.Approve || !Standing.Persons.Equals(version.Author, change.By.Name) || await FindInForceAsync(change.Model, ct) is not { } policy)
        {
            return null;
        }
        ImmutableArray<Gate> asking = [.. policy.Content.Gates.Where(gate => gate.Approvals is not null && (wanted.For is null || gate.Target == wanted.For))];
        return !asking.IsEmpty && asking.All(static gate => gate.Approvals!.NotByAuthor)
            ? new Failure.Forbidden($"{version.Author} registered this version; the policy wants the approval of others for {string.Join(", ", asking.Select(static gate => gate.Target))}.")
            : null;
    }

    private async Task<TableEntity?> FindRowAsync(long model, DateTimeOffset? asOf, CancellationToken ct)
    {
        await foreach (var row in records.ReadAsync(PolicyKeys.Policies(model), asOf is null ? 1 : 1000, null, ct))
        {
            if (asOf is not { } moment || row.GetDateTimeOffset("at") <= moment)
            {
                return row;
            }
        }
        return null;
    }
}
