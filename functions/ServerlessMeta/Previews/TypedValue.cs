using System.Globalization;
using System.Text;

namespace ServerlessMeta.Previews;

/// <summary>A value recognised in its text, with what orders it among values of its type.</summary>
/// <param name="Whole">An integer, a truth value, or the ticks of a time.</param>
/// <param name="Number">An integer or a number.</param>
internal readonly record struct TypedValue(ColumnType Type, long Whole, double Number) : IComparable<TypedValue>
{
    private const int LongestTime = 40;

    private static readonly TypedValue AsText = new(ColumnType.Text, 0, 0);

    public bool IsOrdered => Type is not ColumnType.Number || !double.IsNaN(Number);

    /// <summary>Reads a value, trying first what the column holds so far.</summary>
    public static TypedValue Read(ReadOnlySpan<byte> text, ColumnType column, ValueForms forms) => column switch
    {
        ColumnType.Unknown => ReadAny(text, forms),
        ColumnType.Integer or ColumnType.Number => ReadNumber(text),
        ColumnType.Boolean => ReadBoolean(text),
        ColumnType.Date or ColumnType.Timestamp => ReadTime(text),
        _ => AsText,
    };

    public int CompareTo(TypedValue other) =>
        Type is ColumnType.Number || other.Type is ColumnType.Number ? Number.CompareTo(other.Number) : Whole.CompareTo(other.Whole);

    /// <summary>The type of a column that holds both.</summary>
    public static ColumnType Join(ColumnType column, ColumnType value) => (column, value) switch
    {
        (ColumnType.Unknown, _) => value,
        _ when column == value => column,
        (ColumnType.Integer, ColumnType.Number) or (ColumnType.Number, ColumnType.Integer) => ColumnType.Number,
        (ColumnType.Date, ColumnType.Timestamp) or (ColumnType.Timestamp, ColumnType.Date) => ColumnType.Timestamp,
        _ => ColumnType.Text,
    };

    private static TypedValue ReadAny(ReadOnlySpan<byte> text, ValueForms forms)
    {
        var found = forms.HasFlag(ValueForms.Numbers) ? ReadNumber(text) : AsText;
        if (found.Type is ColumnType.Text && forms.HasFlag(ValueForms.Booleans))
        {
            found = ReadBoolean(text);
        }
        return found.Type is ColumnType.Text && forms.HasFlag(ValueForms.Times) ? ReadTime(text) : found;
    }

    private static TypedValue ReadNumber(ReadOnlySpan<byte> text)
    {
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole))
        {
            return new TypedValue(ColumnType.Integer, whole, whole);
        }
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return new TypedValue(ColumnType.Number, 0, number);
        }
        return text is { Length: 3 or 4 } && Ascii.EqualsIgnoreCase(text.TrimStart((byte)'-'), "inf"u8)
            ? new TypedValue(ColumnType.Number, 0, text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity)
            : AsText;
    }

    private static TypedValue ReadBoolean(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text, "true"u8) ? new TypedValue(ColumnType.Boolean, 1, 0)
        : Ascii.EqualsIgnoreCase(text, "false"u8) ? new TypedValue(ColumnType.Boolean, 0, 0)
        : AsText;

    private static TypedValue ReadTime(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 10 or > LongestTime || text[4] is not ((byte)'-' or (byte)'/') || text[7] != text[4] || text.Length is > 10 and < 16)
        {
            return AsText;
        }
        Span<char> chars = stackalloc char[LongestTime];
        chars = chars[..Encoding.UTF8.GetChars(text, chars)];
        if (chars.Length == 10)
        {
            return DateOnly.TryParseExact(chars, ["yyyy-MM-dd", "yyyy/MM/dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? new TypedValue(ColumnType.Date, date.ToDateTime(default).Ticks, 0)
                : AsText;
        }
        return DateTimeOffset.TryParse(chars, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new TypedValue(ColumnType.Timestamp, time.UtcTicks, 0)
            : AsText;
    }
}
