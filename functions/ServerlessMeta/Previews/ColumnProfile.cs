namespace ServerlessMeta.Previews;

/// <summary>What is known of a column from the values that were read.</summary>
internal sealed class ColumnProfile(string name, ColumnType declared)
{
    private readonly DistinctCounter distinct = new();
    private long lastRow = -1;

    public string Name { get; } = CellText.Of(name);

    public ValueRange Range { get; } = new(declared);

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
        Range.Add(text, forms);
        return true;
    }

    public ColumnPreview ToPreview(long rows) => new()
    {
        Name = Name,
        Type = Range.Type,
        NullShare = rows == 0 ? null : (double)(rows - Values) / rows,
        Min = Range.Min,
        Max = Range.Max,
        Distinct = rows == 0 ? null : distinct.Count,
        DistinctExact = rows == 0 ? null : distinct.IsExact,
    };
}
