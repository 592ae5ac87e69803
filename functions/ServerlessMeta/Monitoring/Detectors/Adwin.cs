using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>
/// ADWIN (Bifet and Gavalda 2007), as River runs it: a window that grows while its mean stays, and drops its older part when the two parts differ by more than chance allows.
/// Kept as buckets of 2^i numbers, so its memory grows with the logarithm of the window.
/// </summary>
internal sealed class Adwin : Detector
{
    public const string Name = "adwin";

    public double Delta { get; init; } = 0.002;

    /// <summary>It looks for cuts at each so many numbers.</summary>
    public int Clock { get; init; } = 32;

    public int MaxBuckets { get; init; } = 5;

    public int MinPart { get; init; } = 5;

    public int Grace { get; init; } = 10;

    /// <summary>An older loop skipped the last bucket of each row (river#1539); for comparing with figures of that time.</summary>
    public bool IsLegacy { get; init; }

    [JsonInclude]
    public long Ticks { get; internal set; }

    [JsonInclude]
    public long Width { get; internal set; }

    [JsonInclude]
    public double Total { get; internal set; }

    /// <summary>Of the window: the sum of squared differences from its mean.</summary>
    [JsonInclude]
    public double Scatter { get; internal set; }

    /// <summary>Row i has buckets of 2^i numbers, the oldest first; each is its total and its scatter.</summary>
    [JsonInclude]
    public List<List<double[]>> Rows { get; internal set; } = [];

    protected override void Reset()
    {
        (Ticks, Width, Total, Scatter) = (0, 0, 0, 0);
        Rows = [];
    }

    protected override void Process(double x)
    {
        Insert(x);
        Ticks++;
        IsDrift = Ticks % Clock == 0 && Width > Grace && Shrink();
    }

    private void Insert(double x)
    {
        if (Rows.Count == 0)
        {
            Rows.Add([]);
        }
        Rows[0].Add([x, 0]);
        Width++;
        if (Width > 1)
        {
            var difference = x - Total / (Width - 1);
            Scatter += (Width - 1) * difference * difference / Width;
        }
        Total += x;
        for (var row = 0; row < Rows.Count && Rows[row].Count > MaxBuckets; row++)
        {
            if (row + 1 == Rows.Count)
            {
                Rows.Add([]);
            }
            var (one, two, size) = (Rows[row][0], Rows[row][1], Math.ScaleB(1, row));
            var between = (one[0] - two[0]) / size;
            Rows[row + 1].Add([one[0] + two[0], one[1] + two[1] + size * 0.5 * between * between]);
            Rows[row].RemoveRange(0, 2);
        }
    }

    /// <summary>Drops the oldest bucket while some cut of the window shows two means.</summary>
    private bool Shrink()
    {
        var shrunk = false;
        while (HasCut())
        {
            shrunk = true;
            DropOldest();
        }
        return shrunk;
    }

    private bool HasCut()
    {
        var (older, olderTotal, newer, newerTotal) = (0L, 0.0, Width, Total);
        for (var row = Rows.Count - 1; row >= 0; row--)
        {
            var buckets = Rows[row];
            for (var i = 0; i < (IsLegacy ? buckets.Count - 1 : buckets.Count); i++)
            {
                older += 1L << row;
                newer -= 1L << row;
                olderTotal += buckets[i][0];
                newerTotal -= buckets[i][0];
                if (row == 0 && i == buckets.Count - 1)
                {
                    return false;
                }
                if (older >= MinPart && newer >= MinPart && Math.Abs(olderTotal / older - newerTotal / newer) > Bound(older, newer))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private double Bound(long older, long newer)
    {
        var confidence = Math.Log(2 * Math.Log(Width) / Delta);
        var harmonic = 1.0 / (older - MinPart + 1) + 1.0 / (newer - MinPart + 1);
        return Math.Sqrt(2 * harmonic * Math.Max(0, Scatter / Width) * confidence) + 2.0 / 3 * confidence * harmonic;
    }

    private void DropOldest()
    {
        var row = Rows.Count - 1;
        var (bucket, size) = (Rows[row][0], Math.ScaleB(1, row));
        Width -= 1L << row;
        Total -= bucket[0];
        var between = bucket[0] / size - Total / Width;
        Scatter -= bucket[1] + size * Width * between * between / (size + Width);
        Rows[row].RemoveAt(0);
        if (Rows[row].Count == 0)
        {
            Rows.RemoveAt(row);
        }
    }
}
