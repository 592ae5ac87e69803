using System.Collections.Immutable;

namespace ServerlessMeta.Previews;

/// <summary>A confusion matrix: a row for each true class, a column for each predicted one.</summary>
public sealed record MatrixPreview(ImmutableArray<MatrixClass> Classes, ImmutableArray<ImmutableArray<double>> Counts);
