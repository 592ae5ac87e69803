namespace ServerlessMeta.Monitoring;

/// <summary>With what windows are compared: immutable; another one gets the next number.</summary>
internal sealed record BaselineRecord
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>Names what it was made from: SHA-256, 64 hex digits.</summary>
    public required string Digest { get; init; }

    /// <summary><c>rows</c>, <c>profile</c>, or <c>dataset:{artifact}/{version}</c>.</summary>
    public required string Source { get; init; }

    public required long Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary>How many of its rows are predictions with an id.</summary>
    public required int Predictions { get; init; }

    /// <summary>The blob of its profile.</summary>
    public required string ProfileBlob { get; init; }

    /// <summary>The blob of its predictions; null: it has none.</summary>
    public string? PredictionsBlob { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string By { get; init; }
}
