using System.Collections.Immutable;

namespace ServerlessMeta.Audit;

public sealed record AuditPage(ImmutableArray<AuditEntryView> Entries, string? NextPageToken = null);
