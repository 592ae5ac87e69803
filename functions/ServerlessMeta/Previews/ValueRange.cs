namespace ServerlessMeta.Previews;

/// <summary>
/// The type of some values and the least and the greatest of them, in their own text. Numbers are ordered as numbers, times as times, texts by their bytes;
/// NaN is neither least nor greatest.
/// </summary>
/// <param name="declared">The type, where the file says it; <see cref="ColumnType.Unknown"/> to infer it.</param>
internal sealed class ValueRange(ColumnType declared)
{
    private readonly bool infers = declared is ColumnType.Unknown;
    private readonly KeptBytes minText = new(), maxText = new(), minValueText = new(), maxValueText = new();
    private TypedValue minValue, maxValue;
    private bool anyText, anyValue;

    public ColumnType Type { get; private set; } = declared;

    public string? Min => Type is ColumnType.Text ? Text(anyText, minText) : Text(anyValue, minValueText);

    public string? Max => Type is ColumnType.Text ? Text(anyText, maxText) : Text(anyValue, maxValueText);

    public void Add(ReadOnlySpan<byte> text, ValueForms forms)
    {
        // Texts are kept from the first, for a later value may make the column one of texts.
        AddText(text);
        if (Type is ColumnType.Text)
        {
            return;
        }
        var value = TypedValue.Read(text, Type, forms);
        Type = infers ? TypedValue.Join(Type, value.Type) : Type;
        if (value.Type is not ColumnType.Text && value.IsOrdered)
        {
            AddValue(value, text);
        }
    }

    /// <summary>Whether no value of the other lies outside.</summary>
    public bool Covers(ValueRange other) => Type is ColumnType.Text
        ? !other.anyText || (anyText && minText.Span.SequenceCompareTo(other.minText.Span) <= 0 && maxText.Span.SequenceCompareTo(other.maxText.Span) >= 0)
        : !other.anyValue || (anyValue && minValue.CompareTo(other.minValue) <= 0 && maxValue.CompareTo(other.maxValue) >= 0);

    private void AddText(ReadOnlySpan<byte> text)
    {
        if (!anyText || text.SequenceCompareTo(minText.Span) < 0)
        {
            minText.Set(text);
        }
        if (!anyText || text.SequenceCompareTo(maxText.Span) > 0)
        {
            maxText.Set(text);
        }
        anyText = true;
    }

    private void AddValue(TypedValue value, ReadOnlySpan<byte> text)
    {
        if (!anyValue || value.CompareTo(minValue) < 0)
        {
            minValue = value;
            minValueText.Set(text);
        }
        if (!anyValue || value.CompareTo(maxValue) > 0)
        {
            maxValue = value;
            maxValueText.Set(text);
        }
        anyValue = true;
    }

    private static string? Text(bool any, KeptBytes bytes) => any ? CellText.Of(bytes.Span) : null;
}
