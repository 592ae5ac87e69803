namespace ServerlessMeta.Previews;

/// <summary>The time and the bytes that a preview may still take.</summary>
/// <param name="time">The clock.</param>
/// <param name="bytes">What may be read in all.</param>
/// <param name="longest">How long it may take; null: as long as a preview may.</param>
internal sealed class PreviewBudget(TimeProvider time, long bytes = PreviewLimits.BytesRead, TimeSpan? longest = null)
{
    private readonly long started = time.GetTimestamp();
    private readonly TimeSpan span = longest ?? PreviewLimits.Time;

    public long BytesRead { get; private set; }

    /// <summary>Which limit was met; null while there is time and are bytes left.</summary>
    public string? Limit { get; private set; }

    /// <summary>Bytes that may be read now; 0 when the budget is spent.</summary>
    public int Allow(int wanted)
    {
        if (IsSpent())
        {
            return 0;
        }
        var left = bytes - BytesRead;
        if (left <= 0)
        {
            Limit = $"after {bytes >> 20} MiB were read";
        }
        return (int)Math.Min(wanted, left);
    }

    public void Took(int read) => BytesRead += read;

    /// <summary>Whether it was the time that ended: elsewhere, or another time, more can be done.</summary>
    public bool IsOutOfTime { get; private set; }

    /// <summary>To be asked in every loop.</summary>
    public bool IsSpent()
    {
        if (Limit is null && time.GetElapsedTime(started) >= span)
        {
            Limit = $"after {span.TotalSeconds:0} seconds";
            IsOutOfTime = true;
        }
        return Limit is not null;
    }
}
