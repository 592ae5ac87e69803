using System.Collections.Immutable;

namespace ServerlessMeta.Previews;

/// <param name="Chunks">Of the columns that are shown, in their order.</param>
internal sealed record ParquetGroup(long Rows, ImmutableArray<ParquetChunk> Chunks);
