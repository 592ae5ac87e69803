using System.Collections.Immutable;

namespace ServerlessMeta.Live;

/// <param name="Events">What changed.</param>
/// <param name="Cursor">What to ask with the next time.</param>
public sealed record LivePage(ImmutableArray<LiveEvent> Events, string Cursor);
