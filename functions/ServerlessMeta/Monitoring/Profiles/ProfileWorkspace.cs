namespace ServerlessMeta.Monitoring.Profiles;

/// <summary>Memory that the columns of a profile share while it is built, one after another.</summary>
internal sealed class ProfileWorkspace
{
    private double[] values = [], scratch = [];

    /// <summary>Numbers that are kept until the edges are known.</summary>
    public long Buffered { get; set; }

    public Span<double> Values(int count) => Room(ref values, count);

    public Span<double> Scratch(int count) => Room(ref scratch, count);

    private static Span<double> Room(ref double[] array, int count)
    {
        if (array.Length < count)
        {
            array = new double[count];
        }
        return array.AsSpan(0, count);
    }
}
