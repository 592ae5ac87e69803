namespace ServerlessMeta.Previews;

/// <summary>What is known of a column from the values that were read.</summary>
internal sealed class ColumnProfile(string name, ColumnType declared)
{
    private readonly ValueRange range = new(declared);
    private readonly DistinctCounter distinct = new();
    private long lastRow = -1;

    public string Name { get; } = CellText.Of(name);

    public ColumnType Type => range.Type;

    public string? Min => range.Min;

    public string? Max => range.Max;

    /// <summary>Values that are not null.</summary>
    public long Values { get; private set; }

    /// <summary>False when there is a value of that row already.</summary>
    public bool Add(long row, ReadOnlySpan<byte> text, ValueForms forms)
    {
        if (row == lastRow)
        {
            return false;
        }
        lastRow = row;
        Values++;
        distinct.Add(text);
        range.Add(text, forms);
        return true;
    }

    public ColumnPreview ToPreview(long rows) => new()
    {
        Name = Name,
        Type = Type,
        NullShare = rows == 0 ? null : (double)(rows - Values) / rows,
        Min = Min,
        Max = Max,
        Distinct = rows == 0 ? null : distinct.Count,
        DistinctExact = rows == 0 ? null : distinct.IsExact,
    };
}
