namespace ServerlessMeta.Triggers;

/// <summary>Which columns of a window a condition looks at.</summary>
public abstract record ColumnChoice
{
    /// <summary>One column.</summary>
    public sealed record Named(string Column) : ColumnChoice;

    /// <summary>So many columns must be over the threshold: the value is that of the k-th worst.</summary>
    public sealed record Top(int Count) : ColumnChoice;

    /// <summary>This share of the compared columns, above 0 to 1, must be over the threshold.</summary>
    public sealed record Share(double Part) : ColumnChoice;
}
