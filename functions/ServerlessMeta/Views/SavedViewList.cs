using System.Collections.Immutable;

namespace ServerlessMeta.Views;

/// <summary>The views of an experiment, by name.</summary>
public sealed record SavedViewList(ImmutableArray<SavedViewView> Views);
