using System.Globalization;
using System.Text;

namespace ServerlessMeta.Environments;

/// <summary>
/// JSON that is the same bytes for the same values, whichever library or version writes it: members in the order in which they are written, texts escaped as in
/// RFC 8785 (quotes, backslashes and control characters alone), no spaces; or, for people, a line for each member.
/// </summary>
internal sealed class CanonicalJson(bool isForPeople = false)
{
    private readonly StringBuilder text = new();
    private int depth;
    private bool isFirst = true;

    public override string ToString() => text.ToString();

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(text.ToString());

    public CanonicalJson Object(string? name, Action inside) => Nest(name, '{', '}', inside);

    public CanonicalJson List<T>(string? name, IReadOnlyCollection<T> items, Action<T> write) => Nest(name, '[', ']', () =>
    {
        foreach (var item in items)
        {
            write(item);
        }
    });

    public CanonicalJson Text(string? name, string value)
    {
        Begin(name);
        Quote(value);
        return this;
    }

    /// <summary>Nothing when there is no value.</summary>
    public CanonicalJson TextIf(string name, string? value) => value is null ? this : Text(name, value);

    public CanonicalJson Number(string? name, long value) => Raw(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>JSON has no words for NaN and infinity; they are texts.</summary>
    public CanonicalJson Number(string? name, double value) =>
        double.IsFinite(value) ? Raw(name, value.ToString("R", CultureInfo.InvariantCulture)) : Text(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

    public CanonicalJson Flag(string? name, bool value) => Raw(name, value ? "true" : "false");

    private CanonicalJson Raw(string? name, string value)
    {
        Begin(name);
        text.Append(value);
        return this;
    }

    private CanonicalJson Nest(string? name, char start, char end, Action inside)
    {
        Begin(name);
        text.Append(start);
        (depth, isFirst) = (depth + 1, true);
        inside();
        depth--;
        if (!isFirst)
        {
            Line();
        }
        text.Append(end);
        isFirst = false;
        return this;
    }

    private void Begin(string? name)
    {
        if (!isFirst)
        {
            text.Append(',');
        }
        if (depth > 0)
        {
            Line();
        }
        isFirst = false;
        if (name is not null)
        {
            Quote(name);
            text.Append(isForPeople ? ": " : ":");
        }
    }

    private void Line()
    {
        if (isForPeople)
        {
            text.Append('\n').Append(' ', 2 * depth);
        }
    }

    private void Quote(string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }
}
