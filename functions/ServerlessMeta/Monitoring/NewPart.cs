namespace ServerlessMeta.Monitoring;

/// <summary>A part of a window as it came, its bytes ready to be stored.</summary>
internal sealed record NewPart
{
    public required string Window { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    /// <summary>Its id; null: its digest.</summary>
    public string? Id { get; init; }

    /// <summary>Of the content as it was posted: SHA-256, 64 hex digits.</summary>
    public required string Digest { get; init; }

    public required long Rows { get; init; }

    public int Predictions { get; init; }

    /// <summary>The baseline on whose edges it was counted; 0: there was none.</summary>
    public required int Baseline { get; init; }

    public required byte[] Profile { get; init; }

    /// <summary>Null: it has none.</summary>
    public byte[]? Joined { get; init; }
}
