using System.Text.Json;

namespace ServerlessMeta.Environments.Parsing;

/// <summary>The files that are JSON: Pipfile.lock, package-lock.json, package.json, packages.lock.json.</summary>
internal static class JsonLockParsers
{
    private const string Modules = "node_modules/";
    private static readonly string[] ManifestParts = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

    public static void ParsePipfile(string text, Findings found) => Read(text, found, root =>
    {
        foreach (var (name, package) in Members(root, "default").Concat(Members(root, "develop")))
        {
            var range = TextOf(package, "version");
            var version = range?.StartsWith("==", StringComparison.Ordinal) is true ? range.TrimStart('=').Trim() : null;
            found.Add(Ecosystem.Python, name, version, range, pinned: true, 0, TextOf(package, "markers"));
        }
        if (Member(root, "_meta") is { } meta && Member(meta, "requires") is { } requires && (TextOf(requires, "python_full_version") ?? TextOf(requires, "python_version")) is { } python)
        {
            found.AddLanguage("python", python, 0);
        }
    });

    /// <summary>Versions 2 and 3 list places (<c>node_modules/a/node_modules/b</c>), version 1 a tree. Of several places of one package the outermost counts.</summary>
    public static void ParseNpmLock(string text, Findings found) => Read(text, found, root =>
    {
        var outermost = new Dictionary<string, (int Depth, string? Version)>(StringComparer.Ordinal);
        foreach (var (place, package) in Members(root, "packages"))
        {
            var at = place.LastIndexOf(Modules, StringComparison.Ordinal);
            if (at < 0 || (Member(package, "link") is { ValueKind: JsonValueKind.True }))
            {
                continue;
            }
            var (name, depth) = (TextOf(package, "name") ?? place[(at + Modules.Length)..], place.AsSpan().Count(Modules));
            if (!outermost.TryGetValue(name, out var known) || depth < known.Depth)
            {
                outermost[name] = (depth, TextOf(package, "version"));
            }
        }
        if (Member(root, "packages") is null)
        {
            foreach (var (name, package) in Members(root, "dependencies"))
            {
                outermost[name] = (1, TextOf(package, "version"));
            }
        }
        foreach (var (name, (_, version)) in outermost)
        {
            found.Add(Ecosystem.Npm, name, version, version, pinned: true, 0);
        }
    });

    public static void ParseNpmManifest(string text, Findings found) => Read(text, found, root =>
    {
        foreach (var (name, range) in ManifestParts.SelectMany(part => Members(root, part)))
        {
            if (range.ValueKind is not JsonValueKind.String)
            {
                found.Skip(0, name);
                continue;
            }
            var asked = range.GetString()!.Trim();
            var isVersion = SemanticVersion.Find(asked.TrimStart('='), 3, ignoreCase: false) is not null && asked.AsSpan().Count('.') >= 2;
            found.Add(Ecosystem.Npm, name, isVersion ? asked.TrimStart('=', 'v') : null, asked, isVersion, 0);
        }
    });

    public static void ParseNuGet(string text, Findings found) => Read(text, found, root =>
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (framework, packages) in Members(root, "dependencies"))
        {
            if (framework.StartsWith("net", StringComparison.Ordinal) && framework.Length > 3 && char.IsAsciiDigit(framework[3]))
            {
                found.AddLanguage("dotnet", framework[3..].Split('-', '/')[0], 0);
            }
            foreach (var (name, package) in Members(packages))
            {
                if (TextOf(package, "type") is not "Project" && seen.Add(name))
                {
                    found.Add(Ecosystem.NuGet, name, TextOf(package, "resolved"), TextOf(package, "requested"), pinned: true, 0);
                }
            }
        }
    });

    private static void Read(string text, Findings found, Action<JsonElement> use)
    {
        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\uFEFF'), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            use(document.RootElement);
        }
        catch (JsonException wrong)
        {
            found.Skip((int)(wrong.LineNumber ?? -1) + 1, $"No JSON: {wrong.Message}");
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // Half a surrogate pair, as it is or written as an escape.
            found.Skip(0, $"No text: {broken.Message}");
        }
    }

    private static JsonElement? Member(JsonElement of, string name) =>
        of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : null;

    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement of, string name) => Member(of, name) is { } member ? Members(member) : [];

    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement of) =>
        of.ValueKind is JsonValueKind.Object ? of.EnumerateObject().Select(static member => (member.Name, member.Value)) : [];

    private static string? TextOf(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;
}
