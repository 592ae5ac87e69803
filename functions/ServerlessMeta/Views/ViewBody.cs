using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ServerlessMeta.Experiments;
using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Views;

/// <summary>Reads a view that a caller sent: the view, its query settled, or every fault.</summary>
internal static class ViewBody
{
    private const int NameLength = 100;
    private const int DescriptionLength = 500;

    // A line of a request holds 8 KB at the host; what is left is for the path, the name of the view and what links of the page say beside it.
    private const int AddressBytes = 6_000;

    // They end a line, or turn what stands around them the other way.
    private static readonly SearchValues<char> Unfit = SearchValues.Create("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069");

    private static ImmutableArray<Failure.Invalid> TooLong =>
        [new("", $"Its address has up to {AddressBytes} bytes: a longer one could not be opened. Signs and letters other than a-z take three or more each.")];

    public static (ViewContent? Content, ImmutableArray<Failure.Invalid> Faults) Read(JsonElement body, ExperimentId experiment, FieldSchema schema)
    {
        var members = new JsonMembers(body, "name", "description", "query", "shared");
        var name = Plain(members, "name", members.Required("name", NameLength)?.Trim());
        if (name is "")
        {
            members.Refuse("name", "A view has a name.");
        }
        var description = Plain(members, "description", members.Text("description", DescriptionLength)?.Trim());
        var isShared = members.Has("shared") && body.GetProperty("shared") is var shared && shared.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => Refuse(members, "shared", "true or false is expected."),
        };
        var query = members.Has("query") ? QueryOf(members, body.GetProperty("query"), experiment, schema) : new ViewQuery();
        return members.Faults.Count > 0 ? (null, [.. members.Faults]) : (new ViewContent(name!, description is "" ? null : description, query!, isShared), []);
    }

    private static ViewQuery? QueryOf(JsonMembers members, JsonElement given, ExperimentId experiment, FieldSchema schema)
    {
        var texts = new JsonMembers(given, ViewQuery.Names);
        var asked = ViewQuery.Of(name => texts.Text(name, AddressBytes));
        ViewQuery? settled = null;
        IEnumerable<Failure.Invalid> faults = texts.Faults;
        if (texts.Faults.Count == 0)
        {
            // Before it is read, so that reading is bounded too; and as it is kept, which may be longer.
            (settled, faults) = asked.Parts.Sum(static part => part.Value.Length) > AddressBytes ? (null, TooLong) : ViewTerms.Settle(asked, experiment, schema);
            if (settled is not null && settled.ToAddress().Length > AddressBytes)
            {
                (settled, faults) = (null, TooLong);
            }
        }
        foreach (var fault in faults)
        {
            members.Refuse(fault.Field is "" or "body" ? "query" : $"query.{fault.Field}", fault.Detail);
        }
        return settled;
    }

    private static string? Plain(JsonMembers members, string field, string? text)
    {
        if (text is not null && (text.Any(char.IsControl) || text.AsSpan().ContainsAny(Unfit)))
        {
            members.Refuse(field, "It is one line, without control characters.");
        }
        else if (text is { Length: > 0 } && text.All(static letter => char.IsWhiteSpace(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Format))
        {
            members.Refuse(field, "It has nothing that can be seen.");
        }
        return text;
    }

    private static bool Refuse(JsonMembers members, string field, string detail)
    {
        members.Refuse(field, detail);
        return false;
    }
}
