namespace ServerlessMeta.Webhooks;

/// <summary>What came of one attempt.</summary>
/// <param name="HttpStatus">What the receiver answered; null: nothing.</param>
/// <param name="Error">Why there is no answer.</param>
public sealed record SendResult(int? HttpStatus, string? Error = null)
{
    /// <summary>The beginning of the answer's body, when it was asked for.</summary>
    public string? Body { get; init; }

    /// <summary>How long the receiver asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The receiver has an address that must not be called: trying again is of no use.</summary>
    public bool IsRefused { get; init; }

    public bool IsSuccess => HttpStatus is >= 200 and < 300;
}
