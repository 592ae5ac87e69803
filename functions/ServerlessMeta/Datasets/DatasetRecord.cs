namespace ServerlessMeta.Datasets;

/// <summary>A dataset input as stored; <paramref name="Blob"/> names the blob that has it whole.</summary>
internal sealed record DatasetRecord(DatasetInput Dataset, string? Blob);
