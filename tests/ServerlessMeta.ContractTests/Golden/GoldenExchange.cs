using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessMeta.ContractTests.Hosting;

namespace ServerlessMeta.ContractTests.Golden;

/// <summary>
/// A written conversation. Each step has <c>get</c>, <c>post</c>, <c>patch</c> or <c>delete</c> (the path), <c>query</c> or <c>body</c>, <c>status</c> and <c>answer</c>, which must match whole.
/// In answers <c>&lt;string&gt;</c> and <c>&lt;number&gt;</c> stand for any value of that type; <c>keep</c> gives values of an answer a name, which
/// later steps use as <c>{name}</c>.
/// </summary>
internal sealed partial class GoldenExchange(JsonArray steps)
{
    private readonly Dictionary<string, string> kept = new(StringComparer.Ordinal);

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    public static GoldenExchange Read(string name) => new((JsonArray)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".golden.json")))!["steps"]!);

    public async Task RunAsync(Api api)
    {
        foreach (var step in steps)
        {
            var given = JsonNode.Parse(Placeholder.Replace(step!.ToJsonString(), match => kept.TryGetValue(match.Groups["name"].Value, out var value) ? value : match.Value))!;
            var answer = given["post"] is { } post
                ? await api.PostJsonAsync(post.GetValue<string>(), (given["body"] ?? new JsonObject()).ToJsonString())
                : given["patch"] is { } patch ? await api.SendJsonAsync(HttpMethod.Patch, patch.GetValue<string>(), (given["body"] ?? new JsonObject()).ToJsonString())
                : given["delete"] is { } delete ? await api.SendJsonAsync(HttpMethod.Delete, delete.GetValue<string>(), given["body"]?.ToJsonString())
                : await api.GetAsync(given["get"]!.GetValue<string>(), Query(given["query"]));
            var where = given["does"]!.GetValue<string>();
            Assert.True((given["status"]?.GetValue<int>() ?? 200) == answer.Status, $"{where}: {answer.Status} {answer.Text}");
            Compare(given["answer"], JsonNode.Parse(answer.Text), where);
            foreach (var (name, path) in given["keep"]?.AsObject() ?? [])
            {
                kept[name] = path!.GetValue<string>().Split('.').Aggregate(answer.Json, static (node, part) => int.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out var index) ? node[index]! : node[part]!).ToString();
            }
        }
    }

    private static (string Name, string Value)[] Query(JsonNode? query) =>
        [.. (query?.AsObject() ?? []).SelectMany(static pair => pair.Value is JsonArray many ? many.Select(one => (pair.Key, one!.ToString())) : [(pair.Key, pair.Value!.ToString())])];

    private static void Compare(JsonNode? expected, JsonNode? actual, string where)
    {
        switch (expected)
        {
            case JsonObject fields:
                var found = Assert.IsType<JsonObject>(actual);
                Assert.True(fields.Select(static field => field.Key).Order(StringComparer.Ordinal).SequenceEqual(found.Select(static field => field.Key).Order(StringComparer.Ordinal), StringComparer.Ordinal),
                    $"{where}: fields differ: {found.ToJsonString()}");
                foreach (var (name, value) in fields)
                {
                    Compare(value, found[name], $"{where}.{name}");
                }
                break;
            case JsonArray items:
                var list = Assert.IsType<JsonArray>(actual);
                Assert.True(items.Count == list.Count, $"{where}: {list.ToJsonString()}");
                for (var i = 0; i < items.Count; i++)
                {
                    Compare(items[i], list[i], $"{where}[{i}]");
                }
                break;
            case JsonValue value when value.ToString() is "<string>" or "<number>":
                var kind = value.ToString() == "<string>" ? System.Text.Json.JsonValueKind.String : System.Text.Json.JsonValueKind.Number;
                Assert.True(actual?.GetValueKind() == kind, $"{where}: {actual?.ToJsonString()} is no {value}");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{where}: expected {expected?.ToJsonString()}, got {actual?.ToJsonString()}");
                break;
        }
    }

    [GeneratedRegex(@"\{(?<name>[a-z]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder { get; }
}
