namespace ServerlessMeta.Monitoring.Performance;

/// <summary>
/// A sum without rounding errors (Shewchuk 1997): parts that do not overlap, rounded once when it is read. So the order of numbers, and how they were split and merged, changes no bit.
/// </summary>
internal sealed class ExactSum
{
    /// <summary>Numbers beyond could overflow in one order and not in another.</summary>
    private const double Greatest = 1e290;

    private readonly List<double> parts = [];

    /// <summary>False when a number was NaN, infinite or too large to sum.</summary>
    public bool IsFinite { get; private set; } = true;

    public void Add(double x)
    {
        if (Math.Abs(x) <= Greatest)
        {
            AddPart(x);
        }
        else
        {
            IsFinite = false;
        }
    }

    public void Merge(ExactSum other)
    {
        IsFinite &= other.IsFinite;
        foreach (var part in other.parts.ToArray())
        {
            AddPart(part);
        }
    }

    /// <summary>The sum, correctly rounded, and what the rounding left out; not finite when <see cref="IsFinite"/> is false.</summary>
    public (double High, double Low) Read()
    {
        if (!IsFinite)
        {
            return (double.NaN, double.NaN);
        }
        var rest = new ExactSum();
        rest.Merge(this);
        var high = rest.Round();
        rest.AddPart(-high);
        return (high, rest.Round());
    }

    private void AddPart(double x)
    {
        var kept = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var y = parts[i];
            if (Math.Abs(x) < Math.Abs(y))
            {
                (x, y) = (y, x);
            }
            var high = x + y;
            var low = y - (high - x);
            if (low != 0)
            {
                parts[kept++] = low;
            }
            x = high;
        }
        parts.RemoveRange(kept, parts.Count - kept);
        if (x != 0)
        {
            parts.Add(x);
        }
    }

    /// <summary>The parts grow in size; a half is rounded by the sign of what lies below.</summary>
    private double Round()
    {
        var i = parts.Count - 1;
        if (i < 0)
        {
            return 0;
        }
        var (high, low) = (parts[i], 0.0);
        while (i > 0 && low == 0)
        {
            var (x, y) = (high, parts[--i]);
            high = x + y;
            low = y - (high - x);
        }
        if (i > 0 && (low < 0 && parts[i - 1] < 0 || low > 0 && parts[i - 1] > 0))
        {
            var twice = low * 2;
            var rounded = high + twice;
            if (twice == rounded - high)
            {
                return rounded;
            }
        }
        return high;
    }
}
