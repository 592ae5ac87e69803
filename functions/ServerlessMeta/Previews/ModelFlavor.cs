using System.Collections.Immutable;

namespace ServerlessMeta.Previews;

public sealed record ModelFlavor(string Name, ImmutableArray<ModelProperty> Properties);
