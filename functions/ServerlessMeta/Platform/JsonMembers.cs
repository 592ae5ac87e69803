using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Platform;

/// <summary>The members of a JSON object that a caller sent, read so that every fault is found, not the first alone. A null is as good as none.</summary>
internal sealed partial class JsonMembers
{
    private readonly Dictionary<string, JsonElement> given = new(StringComparer.Ordinal);

    /// <param name="body">What was sent.</param>
    /// <param name="fields">The members there are; others are faults.</param>
    public JsonMembers(JsonElement body, params string[] fields)
    {
        if (body.ValueKind is not JsonValueKind.Object)
        {
            Refuse("body", "A JSON object is expected.");
            return;
        }
        if (!JsonTexts.IsText(body))
        {
            Refuse("body", "A lone surrogate is no text.");
            return;
        }
        foreach (var member in body.EnumerateObject())
        {
            if (Array.IndexOf(fields, member.Name) < 0)
            {
                Refuse(member.Name.Length <= 60 ? member.Name : member.Name[..60] + "...", $"There is no such field; there {(fields.Length == 1 ? "is" : "are")} {string.Join(", ", fields)}.");
            }
            else if (member.Value.ValueKind is not JsonValueKind.Null)
            {
                given[member.Name] = member.Value;
            }
        }
        IsObject = true;
    }

    public List<Failure.Invalid> Faults { get; } = [];

    private bool IsObject { get; }

    public bool Has(string field) => given.ContainsKey(field);

    /// <summary>A text that has to be there.</summary>
    public string? Required(string field, int length)
    {
        if (IsObject && !given.ContainsKey(field))
        {
            Refuse(field, "It is needed.");
        }
        return Text(field, length);
    }

    /// <param name="length">How many characters it may have.</param>
    public string? Text(string field, int length)
    {
        if (!given.TryGetValue(field, out var value))
        {
            return null;
        }
        if (value.ValueKind is not JsonValueKind.String)
        {
            Refuse(field, "A text is expected.");
            return null;
        }
        var text = value.GetString()!;
        if (text.Length > length)
        {
            Refuse(field, $"It has up to {length} characters.");
        }
        return text;
    }

    /// <summary>An instant with its offset from UTC, in whole milliseconds.</summary>
    public DateTimeOffset? Instant(string field)
    {
        if (Text(field, 60) is not { } text)
        {
            return null;
        }
        if (InstantPattern.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) && instant.Year >= 1970)
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
        }
        Refuse(field, "An instant like 2030-01-31T12:00:00Z is expected.");
        return null;
    }

    /// <summary>A whole number in a range.</summary>
    public long? Whole(string field, long lowest, long highest)
    {
        if (!given.TryGetValue(field, out var value))
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) && number >= lowest && number <= highest)
        {
            return number;
        }
        Refuse(field, $"A whole number from {lowest} to {highest} is expected.");
        return null;
    }

    public void Refuse(string field, string detail)
    {
        // Enough to mend a request by.
        if (Faults.Count < 100)
        {
            Faults.Add(new Failure.Invalid(field, detail));
        }
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+\-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex InstantPattern { get; }
}
