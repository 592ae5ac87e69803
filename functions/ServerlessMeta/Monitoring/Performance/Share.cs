namespace ServerlessMeta.Monitoring.Performance;

/// <summary>Some of many.</summary>
internal readonly record struct Share(long Hits, long Count)
{
    public double Value => (double)Hits / Count;
}
