namespace ServerlessMeta.Previews;

/// <summary>The time and the bytes that a preview may still take.</summary>
internal sealed class PreviewBudget(TimeProvider time)
{
    private readonly long started = time.GetTimestamp();

    public long BytesRead { get; private set; }

    /// <summary>Which limit was met; null while there is time and are bytes left.</summary>
    public string? Limit { get; private set; }

    /// <summary>Bytes that may be read now; 0 when the budget is spent.</summary>
    public int Allow(int bytes)
    {
        if (IsSpent())
        {
            return 0;
        }
        var left = PreviewLimits.BytesRead - BytesRead;
        if (left <= 0)
        {
            Limit = $"after {PreviewLimits.BytesRead >> 20} MiB were read";
        }
        return (int)Math.Min(bytes, left);
    }

    public void Took(int bytes) => BytesRead += bytes;

    /// <summary>Whether it was the time that ended: elsewhere, or another time, more can be done.</summary>
    public bool IsOutOfTime { get; private set; }

    /// <summary>To be asked in every loop.</summary>
    public bool IsSpent()
    {
        if (Limit is null && time.GetElapsedTime(started) >= PreviewLimits.Time)
        {
            Limit = $"after {PreviewLimits.Time.TotalSeconds:0} seconds";
            IsOutOfTime = true;
        }
        return Limit is not null;
    }
}
