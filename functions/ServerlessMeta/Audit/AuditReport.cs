using System.Collections.Immutable;

namespace ServerlessMeta.Audit;

/// <summary>
/// The answer to a verification: <c>{"objects","unaudited","entries","entriesPerSecond","findings":[{"object","fault","detail","entry"?,"row"?}],"checkpoints":{"count","at"?,"hash"?,"unsigned","keys":[..]},"nextPageToken"?}</c>.
/// </summary>
/// <param name="Objects">Objects verified.</param>
/// <param name="Unaudited">Objects from before the audit, which have no entries.</param>
/// <param name="Entries">Entries verified.</param>
/// <param name="EntriesPerSecond">How fast.</param>
/// <param name="Findings">What is wrong; empty when nothing is.</param>
/// <param name="Checkpoints">What entries were held against.</param>
/// <param name="NextPageToken">Where the verification goes on; absent at its end.</param>
public sealed record AuditReport(
    long Objects, long Unaudited, long Entries, double EntriesPerSecond, ImmutableArray<AuditFindingView> Findings, CheckpointsView Checkpoints, string? NextPageToken);
