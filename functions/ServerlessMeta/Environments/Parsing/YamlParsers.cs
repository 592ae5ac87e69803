using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessMeta.Environments.Parsing;

/// <summary>The files that are YAML: conda.yaml, python_env.yaml, MLmodel.</summary>
internal static partial class YamlParsers
{
    private const string Python = "python";
    private const string VersionSuffix = "_version";
    private const string PythonKey = Python + VersionSuffix;

    // How a model's flavor names a package, where that is not the package's own name.
    private static readonly Dictionary<string, string> FlavorPackages = new(StringComparer.Ordinal)
    {
        ["sklearn"] = "scikit-learn",
        ["pytorch"] = "torch",
        ["xgb"] = "xgboost",
        ["lgb"] = "lightgbm",
        ["tf"] = "tensorflow",
        ["cb"] = "catboost",
    };

    /// <summary>
    /// Conda's dependencies, and pip's among them. Conda's packages count as Python's. <c>=1.24</c> admits what begins so: it pins with three numbers or a build.
    /// </summary>
    public static void ParseConda(string text, Findings found)
    {
        foreach (var item in YamlTree.Read(text, found)?["dependencies"]?.Items ?? [])
        {
            if (item.Text is { } spec)
            {
                AddConda(spec, item.Line, found);
            }
            else if (item["pip"] is { } pip)
            {
                AddRequirements(pip, found);
            }
            else
            {
                found.Skip(item.Line, "A dependency that is no text.");
            }
        }
    }

    public static void ParsePythonEnv(string text, Findings found)
    {
        var root = YamlTree.Read(text, found);
        if (root?[Python] is { Text: { } version } python)
        {
            found.AddLanguage(Python, version, python.Line);
        }
        AddRequirements(root?["dependencies"], found);
        AddRequirements(root?["build_dependencies"], found);
    }

    /// <summary>A model's description: members named <c>{package}_version</c>, of the model and of its flavors.</summary>
    public static void ParseModel(string text, Findings found)
    {
        foreach (var (_, key, name, value) in VersionsOf(YamlTree.Read(text, found)))
        {
            if (key == PythonKey)
            {
                found.AddLanguage(Python, value.Text!, value.Line);
            }
            else
            {
                found.Add(Ecosystem.Python, name, value.Text, $"=={value.Text}", pinned: true, value.Line);
            }
        }
    }

    /// <summary>
    /// A model's description without all that differs between models of one environment (ids, times, sizes): what <see cref="ParseModel"/> takes of it, each package once,
    /// as the same text for the same versions. Null when that is nothing.
    /// </summary>
    public static string? ReduceModel(string text)
    {
        var lines = VersionsOf(YamlTree.Read(text, new Findings("", FileKind.Model)))
            .Where(static line => PlainKey.IsMatch(line.Key) && (line.Flavor.Length == 0 || PlainKey.IsMatch(line.Flavor)) && !line.Value.Text!.Any(char.IsControl))
            .DistinctBy(static line => PackageName.Normal(Ecosystem.Python, line.Name))
            .OrderBy(static line => line.Flavor, StringComparer.Ordinal).ThenBy(static line => line.Key, StringComparer.Ordinal);
        var reduced = new StringBuilder();
        var last = "";
        foreach (var (flavor, key, _, value) in lines)
        {
            if (flavor != last)
            {
                reduced.Append(last.Length == 0 ? "flavors:\n" : "").Append("  ").Append(flavor).Append(":\n");
                last = flavor;
            }
            reduced.Append(flavor.Length == 0 ? "" : "    ").Append(key).Append(": '").Append(value.Text!.Replace("'", "''", StringComparison.Ordinal)).Append("'\n");
        }
        return reduced.Length == 0 ? null : reduced.ToString();
    }

    // The model's own versions have no flavor.
    private static IEnumerable<(string Flavor, string Key, string Name, YamlItem Value)> VersionsOf(YamlItem? root)
    {
        foreach (var (flavor, members) in (IEnumerable<(string, YamlItem?)>)[("", root), .. root?["flavors"]?.Members.Where(static flavor => flavor.Key.Length > 0).Select(static flavor => (flavor.Key, flavor.Value)) ?? []])
        {
            foreach (var (key, value) in members?.Members ?? [])
            {
                if (!key.EndsWith(VersionSuffix, StringComparison.Ordinal) || key.Length == VersionSuffix.Length || value.Text is not { Length: > 0 } version)
                {
                    continue;
                }
                var name = key[..^VersionSuffix.Length];
                if (key == PythonKey || (PythonVersion.Find(version) is not null && name is not ("schema" or "model")))
                {
                    yield return (flavor, key, FlavorPackages.GetValueOrDefault(name, name), value);
                }
            }
        }
    }

    private static void AddRequirements(YamlItem? list, Findings found)
    {
        foreach (var item in list?.Items ?? [])
        {
            if (item.Text is not { } line || (!line.StartsWith('-') && !RequirementsParser.TryParse(line.Trim(), found, item.Line)))
            {
                found.Skip(item.Line, item.Text ?? "A dependency that is no text.");
            }
        }
    }

    private static void AddConda(string spec, int line, Findings found)
    {
        if (spec.Length > 512 || Spec.Match(spec.Trim()) is not { Success: true } match)
        {
            found.Skip(line, spec);
            return;
        }
        var (name, range) = (match.Groups["name"].Value, match.Groups["range"].Value.Trim());
        var single = Single.Match(range);
        var version = single.Success ? single.Groups["version"].Value.TrimEnd('*').TrimEnd('.') : null;
        version = string.IsNullOrEmpty(version) ? null : version;
        if (name == Python)
        {
            if (version is not null)
            {
                found.AddLanguage(Python, version, line);
            }
            return;
        }
        var isExact = single.Success && !range.Contains('*', StringComparison.Ordinal)
            && (single.Groups["sign"].Value == "==" || single.Groups["build"].Success || version?.AsSpan().Count('.') >= 2);
        found.Add(Ecosystem.Python, name, version, range, isExact, line);
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.-]{0,213}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PlainKey { get; }

    [GeneratedRegex(@"^(?:[^\s:]+::)?(?<name>[A-Za-z0-9_][A-Za-z0-9._-]*)\s*(?<range>(?:[=<>!~ ].*)?)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Spec { get; }

    // numpy=1.24, numpy==1.24.3, numpy 1.24.*, numpy=1.24.3=py311h_0
    [GeneratedRegex(@"^(?<sign>=?=?)\s*(?<version>[A-Za-z0-9][A-Za-z0-9._+!*]*)(?:[= ](?<build>[A-Za-z0-9][A-Za-z0-9._*]*))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Single { get; }
}
