using System.Collections.Immutable;
using ServerlessMeta.Access;
using ServerlessMeta.Audit;

namespace ServerlessMeta.Runs;

/// <summary>What one caller's intent changed of a run's record, in the state that those before it left.</summary>
/// <param name="By">The caller.</param>
/// <param name="Action">What was done.</param>
/// <param name="Name">What the run is called after it.</param>
/// <param name="Rows">The rows that changed.</param>
/// <param name="Details">What changed, in words.</param>
/// <param name="Ends">Whether the run came to its end by it.</param>
internal sealed record AuditedIntent(Caller By, string Action, string Name, ImmutableArray<RowChange> Rows, ImmutableArray<KeyValuePair<string, string>> Details, bool Ends);
