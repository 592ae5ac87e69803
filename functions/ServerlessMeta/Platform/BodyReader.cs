using System.Globalization;
using System.Text.Json;

namespace ServerlessMeta.Platform;

/// <summary>Reads the members of a JSON object and notes every fault of them, each by its path, so that a caller mends a request once. A null is an absent member.</summary>
internal sealed class BodyReader
{
    /// <summary>Enough to mend a request by.</summary>
    private const int MostFaults = 100;

    private readonly Dictionary<string, JsonElement> given = new(StringComparer.Ordinal);
    private readonly List<Failure.Invalid> faults;
    private readonly string path;

    /// <param name="element">What should be an object.</param>
    /// <param name="path">Where it stands; empty: it is the body.</param>
    /// <param name="faults">Takes the faults.</param>
    /// <param name="names">The members there may be; none: any.</param>
    public BodyReader(JsonElement element, string path, List<Failure.Invalid> faults, params ReadOnlySpan<string> names)
    {
        (this.path, this.faults) = (path, faults);
        if (element.ValueKind is not JsonValueKind.Object)
        {
            Add(faults, path.Length == 0 ? "body" : path, "A JSON object is expected.");
            return;
        }
        if (path.Length == 0 && !JsonTexts.IsText(element))
        {
            Add(faults, "body", "A lone surrogate is no text.");
            return;
        }
        IsObject = true;
        foreach (var member in element.EnumerateObject())
        {
            if (names.Length > 0 && names.IndexOf(member.Name) < 0)
            {
                Refuse(Short(member.Name), $"There is no such field; there are {string.Join(", ", names.ToArray())}.");
            }
            else if (member.Value.ValueKind is not JsonValueKind.Null)
            {
                given[member.Name] = member.Value;
            }
        }
    }

    /// <summary>Whether there was an object to read.</summary>
    public bool IsObject { get; }

    /// <summary>The members that were given, in the order in which they stand.</summary>
    public IEnumerable<KeyValuePair<string, JsonElement>> All => given;

    public bool Has(string name) => given.ContainsKey(name);

    public JsonElement? Find(string name) => given.TryGetValue(name, out var value) ? value : null;

    /// <summary>The path of a member, as faults name it.</summary>
    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public void Refuse(string name, string detail) => Add(faults, PathOf(name), detail);

    /// <summary>A member that must be there.</summary>
    public JsonElement? Need(string name)
    {
        if (IsObject && !Has(name))
        {
            Refuse(name, "It is needed.");
        }
        return Find(name);
    }

    /// <summary>A text of 1 to <paramref name="longest"/> characters, none of them a control character but, where lines are allowed, line feeds and tabs.</summary>
    public string? Text(string name, int longest, bool lines = false)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        if (value.ValueKind is not JsonValueKind.String)
        {
            Refuse(name, "A text is expected.");
            return null;
        }
        var text = value.GetString()!;
        if (RefuseText(text, longest, lines) is { } wrong)
        {
            Refuse(name, wrong);
            return null;
        }
        return text;
    }

    public string? NeedText(string name, int longest)
    {
        Need(name);
        return Text(name, longest);
    }

    public double? Number(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number))
        {
            return number;
        }
        Refuse(name, "A finite number is expected; JSON has no NaN and no infinity.");
        return null;
    }

    public long? Whole(string name, long lowest, long highest)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) && number >= lowest && number <= highest)
        {
            return number;
        }
        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"A whole number from {lowest} to {highest} is expected."));
        return null;
    }

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }
        Refuse(name, "true or false is expected.");
        return null;
    }

    /// <summary>An instant as in ISO 8601, in whole milliseconds.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.String && value.TryGetDateTimeOffset(out var instant) && instant.Year is >= 1970 and < 3000)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
        }
        Refuse(name, "An instant as in 2026-01-31T12:00:00Z is expected.");
        return null;
    }

    /// <summary>The items of a list, up to so many; null when there is no list.</summary>
    public List<JsonElement>? Items(string name, int most)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() > most)
        {
            Refuse(name, string.Create(CultureInfo.InvariantCulture, $"A list of up to {most} items is expected."));
            return null;
        }
        return [.. value.EnumerateArray()];
    }

    /// <summary>What is wrong with a text; null when nothing is.</summary>
    public static string? RefuseText(string text, int longest, bool lines = false) => text switch
    {
        "" => "It is not empty.",
        _ when text.Length > longest => string.Create(CultureInfo.InvariantCulture, $"It has up to {longest} characters."),
        _ when text.Any(c => char.IsControl(c) && !(lines && (c is '\n' or '\r' or '\t'))) => "It has no control characters.",
        _ => null,
    };

    private static void Add(List<Failure.Invalid> faults, string field, string detail)
    {
        if (faults.Count < MostFaults)
        {
            faults.Add(new Failure.Invalid(field, detail));
        }
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
