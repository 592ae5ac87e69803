using System.Collections.Immutable;

namespace ServerlessMeta.Ui.Finding;

/// <param name="Title">What its items are.</param>
/// <param name="Items">At least one.</param>
/// <param name="HasMore">Whether there are others.</param>
public sealed record FoundGroup(string Title, ImmutableArray<FoundItem> Items, bool HasMore);
