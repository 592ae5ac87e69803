using System.Collections.Immutable;
using ServerlessMeta.Audit;

namespace ServerlessMeta.Ui.Audit;

/// <param name="Day">In UTC.</param>
/// <param name="Entries">The newest first.</param>
public sealed record AuditDay(DateOnly Day, ImmutableArray<AuditEntryView> Entries);
