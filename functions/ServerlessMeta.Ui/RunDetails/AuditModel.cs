using System.Collections.Immutable;
using ServerlessMeta.Audit;

namespace ServerlessMeta.Ui.RunDetails;

/// <param name="Id">The run's.</param>
/// <param name="Entries">The newest first.</param>
/// <param name="Next">The page behind this one.</param>
public sealed record AuditModel(string Id, ImmutableArray<AuditEntryView> Entries, string? Next);
