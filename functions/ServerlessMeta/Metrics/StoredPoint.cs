namespace ServerlessMeta.Metrics;

/// <summary>A point without its key. Ordered as histories are: (timestamp, step, value, isNaN), NaN counting as the value 0.</summary>
internal readonly record struct StoredPoint(long Timestamp, long Step, double Value) : IComparable<StoredPoint>
{
    // Bits, not numbers, decide equality: NaN equals itself, and a set of points keeps it once.
    public bool Equals(StoredPoint other) => Timestamp == other.Timestamp && Step == other.Step && Bits == other.Bits;

    public override int GetHashCode() => HashCode.Combine(Timestamp, Step, Bits);

    public int CompareTo(StoredPoint other)
    {
        var order = Timestamp.CompareTo(other.Timestamp);
        order = order != 0 ? order : Step.CompareTo(other.Step);
        return order != 0 ? order : CompareValues(Value, other.Value);
    }

    /// <summary>Whether this point is "latest" rather than the other: the greater by (step, timestamp, value).</summary>
    public bool Supersedes(StoredPoint other)
    {
        var order = Step.CompareTo(other.Step);
        order = order != 0 ? order : Timestamp.CompareTo(other.Timestamp);
        return (order != 0 ? order : CompareValues(Value, other.Value)) > 0;
    }

    // One pattern for NaN and one for zero: "the same point" must not depend on payload or sign bits.
    private long Bits => double.IsNaN(Value) ? BitConverter.DoubleToInt64Bits(double.NaN) : BitConverter.DoubleToInt64Bits(Value == 0 ? 0 : Value);

    private static int CompareValues(double x, double y)
    {
        var order = (double.IsNaN(x) ? 0 : x).CompareTo(double.IsNaN(y) ? 0 : y);
        return order != 0 ? order : double.IsNaN(x).CompareTo(double.IsNaN(y));
    }
}
