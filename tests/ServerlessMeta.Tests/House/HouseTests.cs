using System.ComponentModel;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ServerlessMeta.Tests.Infra;

namespace ServerlessMeta.Tests.House;

/// <summary>The rules of the house that a compiler does not know.</summary>
public sealed partial class HouseTests(ITestOutputHelper output)
{
    private const string Core = "functions/ServerlessMeta/";

    private static readonly string[] Hosts = ["ServerlessMeta.Functions", "ServerlessMeta.Local"];

    /// <summary>What each project may reference: everything points towards the features.</summary>
    private static readonly Dictionary<string, string[]> References = new(StringComparer.Ordinal)
    {
        ["ServerlessMeta"] = [],
        ["ServerlessMeta.Mlflow"] = ["ServerlessMeta"],
        ["ServerlessMeta.Ui"] = ["ServerlessMeta"],
        ["ServerlessMeta.App"] = ["ServerlessMeta", "ServerlessMeta.Mlflow", "ServerlessMeta.Ui"],
        ["ServerlessMeta.Functions"] = ["ServerlessMeta.App"],
        ["ServerlessMeta.Local"] = ["ServerlessMeta.App"],
    };

    private static readonly string[] TopLevel =
    [
        ".ci", ".editorconfig", ".github", ".gitignore", "BannedSymbols.txt", "Directory.Build.props", "Directory.Packages.props", "README.md", "ServerlessMeta.sln",
        "azure.yaml", "functions", "global.json", "infra", "local.settings.sample.json", "tests",
    ];

    /// <summary>The files that people write.</summary>
    private static readonly string[] Written = [".cs", ".js", ".mjs", ".css", ".razor", ".md", ".json", ".bicep", ".yml", ".props", ".csproj"];

    [Fact]
    public void References_point_towards_the_features() => Assert.All(Repository.Files("functions", "*.csproj"), static path =>
        Assert.Subset(References[Path.GetFileNameWithoutExtension(path)].ToHashSet(StringComparer.Ordinal), Referenced(path, "ProjectReference").Select(static to => Path.GetFileNameWithoutExtension(to)).ToHashSet(StringComparer.Ordinal)));

    [Fact]
    public void Tests_never_reference_the_functions_host() => Assert.All(Repository.Files("tests", "*.csproj"), static path =>
        Assert.DoesNotContain(Referenced(path, "ProjectReference"), static to => to.Contains("ServerlessMeta.Functions", StringComparison.Ordinal)));

    [Fact]
    public void Only_the_functions_host_knows_the_worker()
    {
        Assert.All(Repository.Files("functions", "*.csproj").Concat(Repository.Files("tests", "*.csproj")).Where(static path => ProjectOf(path) is not "ServerlessMeta.Functions"), static path =>
            Assert.DoesNotContain(Referenced(path, "PackageReference"), static package => WorkerNames.IsMatch(package)));
        Assert.DoesNotContain(Production(), static path => ProjectOf(path) is not "ServerlessMeta.Functions" && WorkerNames.IsMatch(Repository.Read(path)));
        Assert.Contains("Microsoft.Azure.Functions.Worker", Referenced("functions/ServerlessMeta.Functions/ServerlessMeta.Functions.csproj", "PackageReference"));
    }

    [Fact]
    public void Only_hosts_write_to_the_console() =>
        Assert.DoesNotContain(Production(), static path => !Hosts.Contains(ProjectOf(path), StringComparer.Ordinal) && ConsoleUse.IsMatch(Repository.Read(path)));

    [Fact]
    public void Files_are_short() => Assert.All(Production(), static path => Assert.InRange(Repository.Read(path).Split('\n').Length, 1, 351));

    [Fact]
    public void Features_do_not_speak_a_dialect() =>
        Assert.Empty(
            from path in Production()
            where path.StartsWith(Core, StringComparison.Ordinal)
            from line in Repository.Read(path).Split('\n')
            where line.Contains("mlflow", StringComparison.OrdinalIgnoreCase) && !line.TrimStart().StartsWith("///", StringComparison.Ordinal)
            select $"{path}: {line.Trim()}");

    [Fact]
    public void Keys_of_rows_are_written_by_keys_classes_only() =>
        Assert.Empty(
            from path in Production()
            where !path.EndsWith("Keys.cs", StringComparison.Ordinal) && !path.EndsWith("Row.cs", StringComparison.Ordinal)
            from line in Repository.Read(path).Split('\n')
            where KeyLiteral.IsMatch(line)
            select $"{path}: {line.Trim()}");

    [Fact]
    public void Keys_and_rows_are_known_to_features_only()
    {
        var names = Repository.Files(Core, "*.cs").Select(static path => Path.GetFileNameWithoutExtension(path)!)
            .Where(static name => name.EndsWith("Keys", StringComparison.Ordinal) || name.EndsWith("Row", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(names);
        Assert.Empty(
            from path in Production()
            where !path.StartsWith(Core, StringComparison.Ordinal)
            let text = Repository.Read(path)
            from name in names
            where Regex.IsMatch(text, $@"\b{name}\b", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
            select $"{path}: {name}");
    }

    [Fact]
    public void No_merge_is_left_unfinished()
    {
        var marks = new[] { '<', '>', '|' }.Select(static sign => new string(sign, 7)).ToList();
        var files = Directory.EnumerateFiles(Repository.Root).Select(static path => Path.GetFileName(path)!)
            .Concat(TopLevel.Where(static name => Directory.Exists(Repository.PathOf(name))).SelectMany(static folder => Repository.Files(folder, "*")))
            .Where(static path => Written.Contains(Path.GetExtension(path), StringComparer.Ordinal)).ToList();

        Assert.Contains("functions/ServerlessMeta.Ui/Client/style.css", files);
        Assert.Contains("README.md", files);
        Assert.Empty(
            from path in files
            from line in Repository.Read(path).Split('\n')
            where marks.Exists(mark => line.StartsWith(mark, StringComparison.Ordinal))
            select $"{path}: {line.Trim()}");
    }

    [Fact]
    public void No_test_is_skipped() =>
        Assert.DoesNotContain(Repository.Files("tests", "*.cs"), static path => SkipUse.IsMatch(Repository.Read(path)));

    [Fact]
    public void Solution_lists_every_project()
    {
        var listed = SolutionProject.Matches(Repository.Read("ServerlessMeta.sln")).Select(static match => match.Groups["path"].Value.Replace('\\', '/'));

        Assert.Equal(
            Repository.Files("functions", "*.csproj").Concat(Repository.Files("tests", "*.csproj")).Order(StringComparer.Ordinal),
            listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Debug_builds_every_project_but_the_functions_host_and_release_builds_all()
    {
        var solution = Repository.Read("ServerlessMeta.sln");
        foreach (Match project in SolutionProject.Matches(solution))
        {
            var id = project.Groups["id"].Value;
            var inDebug = solution.Contains($"{id}.Debug|Any CPU.Build.0", StringComparison.Ordinal);

            Assert.Equal(project.Groups["path"].Value.EndsWith("ServerlessMeta.Functions.csproj", StringComparison.Ordinal), !inDebug);
            Assert.Contains($"{id}.Debug|Any CPU.ActiveCfg", solution, StringComparison.Ordinal);
            Assert.Contains($"{id}.Release|Any CPU.Build.0", solution, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_else_lies_at_the_top()
    {
        var (exitCode, tracked, _) = (-1, "", "");
        try
        {
            (exitCode, tracked, _) = await Tool.RunAsync("git", ["-c", "safe.directory=*", "ls-files"]);
        }
        catch (Win32Exception)
        {
            output.WriteLine("There is no git here.");
        }
        if (exitCode != 0)
        {
            output.WriteLine("Not run: without a git repository nothing is tracked.");
            return;
        }

        Assert.Subset(TopLevel.ToHashSet(StringComparer.Ordinal), tracked.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static path => path.Split('/')[0]).ToHashSet(StringComparer.Ordinal));
    }

    private static IReadOnlyList<string> Production() => Repository.Files("functions", "*.cs");

    private static string ProjectOf(string path) => path.Split('/')[1];

    private static IEnumerable<string> Referenced(string project, string kind) =>
        XDocument.Load(Repository.PathOf(project)).Descendants(kind).Select(static reference => (string)reference.Attribute("Include")!);

    [GeneratedRegex(@"Microsoft\.Azure\.Functions|Microsoft\.Azure\.WebJobs|Azure\.Messaging\.ServiceBus", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex WorkerNames { get; }

    [GeneratedRegex(@"\bConsole\.", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ConsoleUse { get; }

    [GeneratedRegex("\"[a-z]{1,2}[|}]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex KeyLiteral { get; }

    [GeneratedRegex(@"\bSkip\s*=|\bAssert\s*\.\s*Skip|\bSkip(?:When|Unless|Exceptions|Type)\b\s*=", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SkipUse { get; }

    [GeneratedRegex("^Project\\(\"[^\"]+\"\\) = \"[^\"]+\", \"(?<path>[^\"]+\\.csproj)\", \"(?<id>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SolutionProject { get; }
}
