using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ServerlessMeta.App.Messages;

/// <summary>An operation that events name by their type.</summary>
/// <param name="name">Entity and verb, as <c>run.create</c>.</param>
/// <param name="templates">
/// The paths it may have. What stands in braces is a member of the data, and then is no part of the request's body; or the event's subject names the target as the path does:
/// <c>models/churn/versions/3</c>, or the name alone where it is one. The first path of which everything is given is taken.
/// </param>
internal sealed class IngestOperation(string name, params string[] templates)
{
    private const string Root = "/api/v1/";
    private const int LongestName = 500;

    public string Type { get; } = $"dev.serverlessmeta.{name}.v1";

    public string Method { get; init; } = "POST";

    /// <summary>The members of the data that name what it changes, when the path does not: changes of one thing keep their order.</summary>
    public string[] Target { get; init; } = [];

    public IReadOnlyList<string> Templates => templates;

    /// <returns>The request, or why the event is none.</returns>
    public (IngestRequest? Request, EventRefusal? Refusal) Bind(IngestEvent from)
    {
        foreach (var template in templates)
        {
            var names = NamesIn(template);
            var given = names.Select(name => TextOf(from.Data, name)).ToList();
            if (given.TrueForAll(static text => text is not null))
            {
                return (Fill(template, names, given!, from.Data, taken: true), null);
            }
        }
        foreach (var template in templates)
        {
            if (from.Subject is { } subject && Match(template, subject) is { } given)
            {
                return (Fill(template, NamesIn(template), given, from.Data, taken: false), null);
            }
        }
        return (null, new EventRefusal("NO_TARGET", $"What is meant is not said: {string.Join(", or ", templates.Select(static template =>
            $"{string.Join(" and ", NamesIn(template).Select(static name => $"data.{name}"))} (or the subject {SubjectOf(template)})"))} is needed."));
    }

    private IngestRequest Fill(string template, List<string> names, List<string> given, JsonElement data, bool taken)
    {
        // Segment by segment: what is given may look like a name of the template.
        string Filled(Func<string, string> text) => string.Join('/', template.Split('/').Select(segment => segment is ['{', .. var name, '}'] ? text(given[names.IndexOf(name)]) : segment));
        var (path, target) = (Filled(static text => text.Replace("/", "%2F", StringComparison.Ordinal)), Filled(Uri.EscapeDataString));
        var order = Target.Select(member => TextOf(data, member)).FirstOrDefault(static text => text is not null) is { } what ? $"{Target[0]}:{what}"
            : names.Count > 0 ? target[..target.LastIndexOf('/')] : null;
        return new IngestRequest(Method, path, target, taken && names.Count > 0 ? Without(data, names) : JsonMarshal.GetRawUtf8Value(data).ToArray(), order);
    }

    private static byte[] Without(JsonElement data, List<string> names)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var member in data.EnumerateObject().Where(member => !names.Contains(member.Name, StringComparer.Ordinal)))
            {
                member.WriteTo(json);
            }
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    private static List<string> NamesIn(string template) => [.. template.Split('/').Where(static part => part.StartsWith('{')).Select(static part => part[1..^1])];

    // The part of the path that names the target: without the root, and without what is done to it.
    private static string SubjectOf(string template) => template[Root.Length..template.LastIndexOf('/')];

    private static List<string>? Match(string template, string subject)
    {
        var (wanted, given) = (SubjectOf(template).Split('/'), subject.Trim('/').Split('/'));
        if (NamesIn(template).Count == 1 && given.Length == 1)
        {
            wanted = wanted[^1..];
        }
        if (wanted.Length != given.Length || !wanted.Zip(given).All(static pair => pair.First.StartsWith('{') ? pair.Second.Length is > 0 and <= LongestName : pair.First == pair.Second))
        {
            return null;
        }
        return [.. wanted.Zip(given).Where(static pair => pair.First.StartsWith('{')).Select(static pair => Uri.UnescapeDataString(pair.Second))];
    }

    private static string? TextOf(JsonElement data, string member) => data.TryGetProperty(member, out var value) ? value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 and <= LongestName } text => text,
        JsonValueKind.Number when value.TryGetInt64(out _) => value.GetRawText(),
        _ => null,
    } : null;
}
