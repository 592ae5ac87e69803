namespace ServerlessMeta.Previews;

/// <param name="Precision">Of those predicted as this class, the share that is; null when none were.</param>
/// <param name="Recall">Of those in this class, the share predicted as such; null when there are none.</param>
public sealed record MatrixClass(string Label, double? Precision, double? Recall);
