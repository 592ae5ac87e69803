namespace ServerlessMeta.Monitoring;

/// <summary>A part of a window's data.</summary>
internal sealed record WindowPart
{
    /// <summary>Unique in its window: what the producer said, or the digest.</summary>
    public required string Id { get; init; }

    /// <summary>Of the content as it was posted: SHA-256, 64 hex digits.</summary>
    public required string Digest { get; init; }

    public required long Rows { get; init; }

    /// <summary>How many of its rows are predictions with an id.</summary>
    public required int Predictions { get; init; }

    /// <summary>The baseline on whose edges it was counted; 0: there was none.</summary>
    public required int Baseline { get; init; }

    /// <summary>The blob of its profile.</summary>
    public required string ProfileBlob { get; init; }

    /// <summary>The blob of its predictions; null: it has none.</summary>
    public string? PredictionsBlob { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required string By { get; init; }
}
