using System.Collections.Immutable;
using System.Globalization;
using Azure.Data.Tables;
using ServerlessMeta.Approvals;
using ServerlessMeta.Models;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Policies;

/// <summary>Reads what was decided on guarded aliases and stages.</summary>
public sealed class DecisionReader
{
    /// <summary>How many decisions of a target are looked at for whether a version held it, the last first.</summary>
    private const int MostLookedAt = 5000;

    private readonly ModelRecords records;

    internal DecisionReader(ModelRecords records) => this.records = records;

    /// <summary>Decisions of a model, the last first; as of a moment, the first of a target is the one that made its holder of then.</summary>
    public Task<Result<Paged<Decision>>> ListAsync(RegisteredModel model, DecisionFilter filter, int size, string? pageToken, CancellationToken ct) => records.PageAsync(
        string.Create(CultureInfo.InvariantCulture, $"decisions\n{model.Number}\n{filter}"),
        DecisionKeys.Decisions(model.Number, filter.AsOf),
        size,
        pageToken,
        row => DecisionRow.To(row) is var decision && filter.Wants(decision) ? decision : null,
        ct);

    /// <summary>What was decided on a target, the last first.</summary>
    internal async Task<ImmutableArray<Decision>> ReadAsync(RegisteredModel model, GateTarget target, CancellationToken ct)
    {
        var decisions = ImmutableArray.CreateBuilder<Decision>();
        await foreach (var row in records.ReadAsync(DecisionKeys.Decisions(model.Number, null), 1000, TableClient.CreateQueryFilter($"target eq {target.ToString()}"), ct))
        {
            decisions.Add(DecisionRow.To(row));
            if (decisions.Count == MostLookedAt)
            {
                break;
            }
        }
        return decisions.ToImmutable();
    }

    /// <summary>The id of the decision that proves that a version held a target before (<see cref="Decision.FindHeld"/>); null: it did not.</summary>
    internal async Task<string?> FindHeldAsync(RegisteredModel model, GateTarget target, int version, CancellationToken ct) => Decision.FindHeld(await ReadAsync(model, target, ct), target, version)?.Id;
}
