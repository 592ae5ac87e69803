namespace ServerlessMeta.Policies;

/// <summary>That a version is not worse than the present holder by more than so much, measured on the same content of a dataset.</summary>
/// <param name="Metric">The metric; the policy says whether more of it is better.</param>
/// <param name="By">How much worse it may be; 0 or more.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="Digest">The content that it must be; null: any that both were measured on.</param>
/// <param name="Slice">The slice; null: the whole dataset.</param>
public sealed record HolderCondition(string Metric, double By, string Dataset, string? Digest, string? Slice);
