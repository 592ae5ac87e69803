namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Of finite values: how many, their mean, and sums of powers of differences from it.</summary>
public readonly record struct Moments(long Count, double Mean, double M2, double M3, double M4)
{
    /// <summary>With the divisor n.</summary>
    public double Variance => Count > 0 ? M2 / Count : 0;
}
