using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Rows drawn at random from <paramref name="From"/> rows: column by column, numbers as text in invariant form, null for missing.</summary>
public sealed record RowSample(long From, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string?>> Rows);
